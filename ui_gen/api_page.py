"""/api/v1/docs: the API on one page, made from its own description; it fetches nothing and runs nothing."""

from __future__ import annotations

from html import escape
from typing import Any

STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;
color:#222;background:#fff}
code,pre{font:14px/1.4 ui-monospace,monospace}h2{margin:2rem 0 .3rem;font-size:1.05rem}table{border-collapse:collapse}
td,th{text-align:left;padding:.15rem .8rem .15rem 0;vertical-align:top;border-bottom:1px solid #ddd}
@media(prefers-color-scheme:dark){body{color:#eee;background:#181818}td,th{border-color:#444}}"""


def page(described: dict[str, Any]) -> str:
    """HTML of an OpenAPI document."""
    parts = ["<!doctype html><html lang=en><meta charset=utf-8><meta name=viewport content='width=device-width'>"
             f"<title>Beecam API</title><style>{STYLE}</style><h1>Beecam API</h1>"
             "<p>Send <code>Authorization: Bearer TOKEN</code>; <code>beecam token</code> prints one. The same as "
             "data: <a href=openapi.json>openapi.json</a>.</p>"]
    base = described.get("servers", [{}])[0].get("url", "")
    for path, methods in described["paths"].items():
        for method, told in methods.items():
            parts.append(f"<h2><code>{escape(method.upper())} {escape(base + path)}</code></h2>"
                         f"<p>{escape(told.get('summary', ''))}</p>")
            content = told.get("requestBody", {}).get("content", {})
            fields = content.get("application/json", {}).get("schema", {}).get("properties", {})
            if fields:
                rows = "".join(f"<tr><td><code>{escape(name)}</code><td>{escape(_kind(field))}"
                               f"<td>{escape(field.get('description', ''))}" for name, field in fields.items())
                parts.append(f"<table><tr><th>field<th>what<th>{rows}</table>")
    return "".join(parts)


def _kind(field: dict[str, Any]) -> str:
    options = [one for one in field.get("anyOf", [field]) if one.get("type") != "null"]
    one = options[0] if options else field
    low, high = one.get("minimum", one.get("exclusiveMinimum")), one.get("maximum", one.get("exclusiveMaximum"))
    span = f", {low:g} to {high:g}" if low is not None and high is not None else ""
    return str(one.get("type", "")) + span


__all__ = ["page"]
