"""The Get from the web node."""

from nodes import Context, Effect, Field, Need, Node, Touches, Url, host_of
from nodes.web._send import AllowErrors, Answer, Headers, Query, ReadAs, Secret, SecretHeader, TimeLimit, read, send


class GetFromTheWeb(
    Node,
    kind="web.get",
    label="Get from the web",
    icon="cloud_download",
    words=("http", "fetch", "api", "json", "download", "rest", "url"),
    needs={Need.NETWORK},
    effect=Effect.READ,
    sentence="Get {url}",
    more=("query", "headers", "secret_header", "read_as", "allow_errors", "time_limit"),
):
    """Get data, text or a file from a web address, without a browser."""

    url: Url = Field(description="The address.")
    query: Query
    headers: Headers
    secret: Secret = ""
    secret_header: SecretHeader = "Authorization"
    read_as: ReadAs = "auto"
    allow_errors: AllowErrors = False
    time_limit: TimeLimit = 60

    def touches(self) -> Touches:
        return Touches(hosts=(host_of(self.url),), keys=(self.secret,) if self.secret else ())

    async def run(self, ctx: Context) -> Answer:
        response = await send(
            ctx,
            "GET",
            self.url,
            query=self.query,
            headers=self.headers,
            secret=self.secret,
            secret_header=self.secret_header,
            time_limit=self.time_limit,
        )
        return await read(ctx, response, self.read_as, self.allow_errors)
