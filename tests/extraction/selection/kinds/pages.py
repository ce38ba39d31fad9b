"""Small made-up pages of several kinds."""

STORY = (
    "<html><head><title>Harbour reopens after repairs</title><meta property='og:type' content='article'>"
    "</head><body><nav><ul><li><a href='/'>Home</a></li><li><a href='/news'>News</a></li></ul></nav><article>"
    "<h1>Harbour reopens after repairs</h1>"
    + "".join(
        f"<p>The harbour master said on day {day} that the repairs to the northern quay were finished, and "
        "that ships would be let in again as soon as the divers had looked at the last of the piles.</p>"
        for day in range(12)
    )
    + "</article><footer><p>All rights reserved.</p></footer></body></html>"
)

SHELF = (
    "<html><head><title>Lamps</title><meta property='og:type' content='website'>"
    '<script type=\'application/ld+json\'>{"@type": "CollectionPage"}</script></head><body>'
    "<nav><ul><li><a href='/'>Home</a></li><li><a href='/cart'>Cart</a></li></ul></nav><main>"
    "<div class='breadcrumb'><a href='/'>Home</a> / Lamps</div><h1 class='collection-title'>Lamps</h1>"
    "<div class='filter facets'><button>Filter</button><label>Colour</label><label>Size</label></div>"
    "<div class='product-grid'>"
    + "".join(
        f"<div class='product-card grid-item'><h3 class='card-title'><a href='/products/lamp-{number}'>"
        f"Standing lamp number {number}</a></h3><div class='price'>${number}9.00</div>"
        "<button class='add-to-cart'>Add to cart</button></div>"
        for number in range(1, 25)
    )
    + "</div></main><footer><p>All rights reserved.</p></footer></body></html>"
)

DESCRIPTION = " ".join(
    f"Part {number} of the kettle is cast from one piece of iron and keeps the water hot for {number} hours."
    for number in range(1, 9)
)

KETTLE = (
    "<html><head><title>Iron kettle</title><script type='application/ld+json'>"
    f'{{"@type": "Product", "name": "Iron kettle", "description": "{DESCRIPTION}"}}</script></head><body>'
    "<main class='product'><h1 class='product-title'>Iron kettle</h1><div class='price'>$80.00</div>"
    "<div class='variant swatch'><label>Colour</label></div><button class='add-to-cart'>Add to cart</button>"
    "<div class='product-price'>Price</div><div class='product-rating rating'>4.5</div>"
    f"<div class='product-description'><p>{DESCRIPTION}</p></div>"
    "<div class='product-reviews'><h2>Reviews</h2><p class='review'>I bought this kettle in spring, and it "
    "has never failed me since then.</p></div></main></body></html>"
)
