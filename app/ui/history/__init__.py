"""The runs there have been, and each as it went."""
