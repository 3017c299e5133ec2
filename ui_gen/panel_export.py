"""A panel as A2UI 0.9 messages, with a catalog of our own kinds, for other hosts to show.

A2UI (https://a2ui.org) is a flat list of components with ids, bound by JSON Pointer into a data model. Our binds reach
several numbers at once, so the data model of the export holds one entry for each control, `/controls/ID`; what came of
it goes back through `ui_gen.bind`.
"""

from __future__ import annotations

from typing import Any

from ui_gen.panel import KINDS, Control, Panel

PROTOCOL = "v0.9"
CATALOG_ID = "urn:beecam:catalog:panel:1"
COMMON = "common_types.json#/$defs/"
# Our kinds by the name of their component.
COMPONENTS = {kind: "".join(part.capitalize() for part in f"beecam_{kind}".split("_")) for kind in KINDS}
NUMBER, TEXT = {"type": "number"}, {"type": "string"}
PAIR = {"type": "array", "items": NUMBER}


def a2ui_messages(panel: Panel) -> list[dict[str, Any]]:
    """createSurface, updateComponents, updateDataModel: the panel whole."""
    surface = f"{panel.id}_{panel.revision}"
    sections = [(f"section_{number}", section) for number, section in enumerate(panel.sections)]
    components: list[dict[str, Any]] = [
        {"id": "root", "component": "Column", "children": [ident for ident, _ in sections]}]
    for ident, section in sections:
        components.append({"id": ident, "component": "Section", "label": section.title,
                           "children": [f"c_{control.id}" for control in section.controls]})
        components += [_component(control) for control in section.controls]
    values = {"controls": {control.id: control.value for control in panel.controls}}
    told = ({"createSurface": {"surfaceId": surface, "catalogId": CATALOG_ID, "sendDataModel": True}},
            {"updateComponents": {"surfaceId": surface, "components": components}},
            {"updateDataModel": {"surfaceId": surface, "path": "/", "value": values}})
    return [{"version": PROTOCOL, **one} for one in told]


def _component(control: Control) -> dict[str, Any]:
    found: dict[str, Any] = {"id": f"c_{control.id}", "component": COMPONENTS[control.kind], "label": control.label,
                             "value": {"path": f"/controls/{control.id}"}, "cost": control.cost}
    if control.bounds is not None:
        found["bounds"] = list(control.bounds)
    if control.bounds_y is not None:
        found["boundsY"] = list(control.bounds_y)
    if control.step is not None:
        found["step"] = control.step
    if control.choices is not None:  # objects: bare strings would be read as ids of components
        found["options"] = [{"label": name, "value": name} for name in control.choices]
    for name, value in (("unit", control.unit), ("why", control.why), ("labelY", control.label_y),
                        ("measured", str((control.measured or {}).get("words", "")))):
        if value:
            found[name] = value
    return found


def a2ui_catalog() -> dict[str, Any]:
    """The catalog that the messages speak: one component for each kind, and what holds them."""
    own = {"label": {"$ref": f"{COMMON}DynamicString"}, "value": {"$ref": f"{COMMON}DataBinding"},
           "cost": {"enum": ["live", "preview", "take"]}, "bounds": PAIR, "boundsY": PAIR, "step": NUMBER, "unit": TEXT,
           "why": TEXT, "labelY": TEXT, "measured": TEXT,
           "options": {"type": "array", "items": {"type": "object", "properties": {"label": TEXT, "value": TEXT},
                                                  "required": ["label", "value"]}}}
    held = {"children": {"$ref": f"{COMMON}ChildList"}}
    components = {"Column": _kind("Column", held, ["children"]),
                  "Section": _kind("Section", {**held, "label": TEXT}, ["children", "label"]),
                  **{name: _kind(name, own, ["label", "value"]) for name in COMPONENTS.values()}}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": CATALOG_ID, "catalogId": CATALOG_ID,
            "title": "Controls of a generated panel", "components": components, "functions": {},
            "$defs": {"anyComponent": {"oneOf": [{"$ref": f"#/components/{name}"} for name in components],
                                       "discriminator": {"propertyName": "component"}}}}


def _kind(name: str, properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    return {"type": "object", "unevaluatedProperties": False,
            "allOf": [{"$ref": f"{COMMON}ComponentCommon"},
                      {"type": "object", "properties": {"component": {"const": name}, **properties},
                       "required": ["component", *required]}]}
