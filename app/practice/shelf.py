"""What the shop sells and what was ordered: the same on every computer and every day."""

from dataclasses import dataclass
from math import ceil
from typing import Literal

ORDERS_PER_PAGE = 8


@dataclass(frozen=True)
class Ware:
    slug: str
    name: str
    sort: Literal["mug", "cup", "teapot", "jug"]
    price: float
    stock: int
    colour: str
    paint: str
    about: str


@dataclass(frozen=True)
class Order:
    number: int
    day: str
    customer: str
    ware: Ware
    pieces: int
    state: Literal["Paid", "Packed", "Sent"]

    @property
    def total(self) -> float:
        return round(self.pieces * self.ware.price, 2)


WARES: tuple[Ware, ...] = (
    Ware("moon-mug", "Moon mug", "mug", 24.50, 7, "white", "#e9e6dd", "Thrown thin, with a grey moon at the bottom."),
    Ware("harbour-mug", "Harbour mug", "mug", 18.00, 12, "blue", "#3f6f9f", "Holds the heat of a long watch."),
    Ware("moss-mug", "Moss mug", "mug", 16.50, 4, "green", "#6a8550", "Matt outside, glazed inside."),
    Ware("brick-mug", "Brick mug", "mug", 12.00, 30, "red", "#a8503c", "Plain, heavy, hard to break."),
    Ware("night-mug", "Night mug", "mug", 32.00, 2, "black", "#33343c", "Black iron glaze, fired twice."),
    Ware("honey-cup", "Honey cup", "cup", 9.50, 18, "yellow", "#d9a33c", "A small cup without a handle."),
    Ware("rain-cup", "Rain cup", "cup", 11.00, 0, "grey", "#8b949c", "Sold out until the next firing."),
    Ware("plum-cup", "Plum cup", "cup", 14.00, 9, "purple", "#74507f", "For two mouthfuls of strong coffee."),
    Ware("winter-teapot", "Winter teapot", "teapot", 58.00, 3, "white", "#dfe5ea", "One litre, with a sieve."),
    Ware("garden-teapot", "Garden teapot", "teapot", 49.00, 5, "green", "#57795a", "Six cups; the lid stays on."),
    Ware("copper-jug", "Copper jug", "jug", 27.50, 6, "brown", "#9a6440", "Pours without a drop beside the cup."),
    Ware("cloud-jug", "Cloud jug", "jug", 21.00, 8, "grey", "#a9b3bb", "Half a litre, for milk."),
)

_CUSTOMERS = ("Ada", "Grace", "Edsger", "Barbara", "Alan", "Hedy")
_STATES: tuple[Literal["Paid", "Packed", "Sent"], ...] = ("Sent", "Sent", "Packed", "Paid")

ORDERS: tuple[Order, ...] = tuple(
    Order(
        number=1024 - place,
        day=f"2026-03-{24 - place:02}",
        customer=_CUSTOMERS[place % len(_CUSTOMERS)],
        ware=WARES[place * 5 % len(WARES)],
        pieces=1 + place % 4,
        state=_STATES[place % len(_STATES)],
    )
    for place in range(24)
)

ORDER_PAGES = ceil(len(ORDERS) / ORDERS_PER_PAGE)


def ware(slug: str) -> Ware | None:
    """The ware with this address, if the shop sells it."""
    return next((each for each in WARES if each.slug == slug), None)


def search(words: str) -> tuple[Ware, ...]:
    """Every ware whose name, sort, colour or description contains all the words."""
    wanted = words.lower().split()
    if not wanted:
        return ()
    return tuple(
        each
        for each in WARES
        if all(word in f"{each.name} {each.sort} {each.colour} {each.about}".lower() for word in wanted)
    )


def orders(page: int) -> tuple[Order, ...]:
    """One page of orders, newest first; pages count from 1."""
    return ORDERS[(page - 1) * ORDERS_PER_PAGE : page * ORDERS_PER_PAGE]
