"""What a map says and how it looks, decided once: classes, symbols, legend, and the `MapSpec` that holds them."""
