"""Presets: field maps of platforms' own exports, shipped as files, and how such an export is recognised.

A preset's `orderId` and `uid` never change once released: orders under other ids would double a history.
"""

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import NamedTuple


class Preset(NamedTuple):
    """One preset. An export whose columns (of JSON: members) are all of `recognised_by` is of this form.

    Its items may stand in a `partner` of the export: what begins its name, and what begins the partner's.
    """

    name: str
    of: str
    recognised_by: tuple[str, ...]
    partner: tuple[str, str] = ("", "")


_TABLE = (
    Preset(
        "amazon", "Amazon's All Orders report", ("amazon-order-id", "item-price", "gift-wrap-price", "asin")
    ),
    Preset(
        "bigcommerce",
        "BigCommerce's default export",
        ("Order ID", "Product Details", "Order Total (inc tax)"),
    ),
    Preset("ebay", "eBay's orders report", ("Order Number", "Buyer Username", "Ship To Name", "Total Price")),
    Preset(
        "etsy",
        "Etsy's Sold Orders, with its Sold Order Items beside it",
        ("Order ID", "Buyer User ID", "Order Value", "Order Total"),
        ("EtsySoldOrders", "EtsySoldOrderItems"),
    ),
    Preset(
        "magento-webhook", "Magento 2's orders, by webhook", ("increment_id", "grand_total", "line_items")
    ),
    Preset("shopify-bulk", "Shopify's bulk operations", ("createdAt", "totalPriceSet")),
    Preset(
        "shopify-csv", "Shopify's orders export", ("Name", "Lineitem name", "Lineitem price", "Created at")
    ),
    Preset(
        "shopify-rest",
        "Shopify's REST API",
        ("order_number", "line_items", "total_price", "financial_status"),
    ),
    Preset("square", "Square's Items detail", ("Transaction ID", "Payment ID", "Gross Sales", "Item", "Qty")),
    Preset("wix", "Wix's orders export", ("Order number", "Contact email", "Delivery country", "Net amount")),
    Preset(
        "woocommerce-rest",
        "WooCommerce's REST API v3",
        ("date_created_gmt", "line_items", "billing", "number"),
    ),
)

PRESETS: Mapping[str, Preset] = {each.name: each for each in _TABLE}


def recognised(names: Collection[str]) -> Preset | None:
    """The preset of an export with these columns or members, if there is one."""
    fitting = [each for each in _TABLE if set(each.recognised_by) <= set(names)]
    return max(fitting, key=lambda each: len(each.recognised_by), default=None)


def map_text(preset: Preset, export: str) -> str:
    """The map of a preset, for the export of this name (without its folder)."""
    text = Path(__file__).with_name(f"{preset.name}.map.yaml").read_text(encoding="utf-8")
    begins, partner = preset.partner
    if begins and export.startswith(begins):
        return text.replace(f"{partner}.csv", partner + export.removeprefix(begins))
    return text
