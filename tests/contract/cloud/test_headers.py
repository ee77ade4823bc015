"""What CloudFront sends with a file of the site is what headers.json declares, as one machine's stand-in sends it."""

import fnmatch
import json
from typing import Any

import pytest

from infra.cloud import headers
from infra.local.files import door
from infra.local.site import rules_in

SITES = {
    "ConsoleCDN": ["/console/", "/console/index.html", "/console/assets/main-ABC.js"],
    "WidgetCDN": [
        "/",
        "/index.html",
        "/icon.svg",
        "/assets/main-ABC.js",
        "/widget/app.html",
        "/widget/deskbell.js",
        "/widget/assets/main-ABC.js",
    ],
}
MARKS = {name: f"({name})" for name in headers.FILLINGS}


def declared(path: str) -> dict[str, str]:
    """As the local server answers, with a mark where each placeholder is."""
    found: dict[str, str] = {}
    for rule in rules_in(headers.DECLARED, MARKS):
        if fnmatch.fnmatchcase(path, rule.pattern):
            for name, value in rule.headers.items():
                found.setdefault(name, value)
    return found


def behavior(distribution: dict[str, Any], path: str) -> dict[str, Any]:
    """The first whose pattern matches, else the default: CloudFront's own rule."""
    config = distribution["Properties"]["DistributionConfig"]
    matching = (b for b in config["CacheBehaviors"] if fnmatch.fnmatchcase(path, b["PathPattern"]))
    return next(matching, config["DefaultCacheBehavior"])


def sent(resources: dict[str, Any], reference: dict[str, str]) -> dict[str, str]:
    """The headers a policy sends, as CloudFront's reference describes its fields."""
    config = resources[reference["Ref"]]["Properties"]["ResponseHeadersPolicyConfig"]
    security = config["SecurityHeadersConfig"]
    found = {
        item["Header"].lower(): item["Value"]
        for item in config.get("CustomHeadersConfig", {}).get("Items", [])
    }
    if "ContentSecurityPolicy" in security:
        found["content-security-policy"] = with_marks(
            security["ContentSecurityPolicy"]["ContentSecurityPolicy"]
        )
    if "ContentTypeOptions" in security:
        found["x-content-type-options"] = "nosniff"
    if "FrameOptions" in security:
        found["x-frame-options"] = security["FrameOptions"]["FrameOption"]
    if "ReferrerPolicy" in security:
        found["referrer-policy"] = security["ReferrerPolicy"]["ReferrerPolicy"]
    if "StrictTransportSecurity" in security:
        facts = security["StrictTransportSecurity"]
        below = "; includeSubDomains" if facts["IncludeSubdomains"] else ""
        found["strict-transport-security"] = f"max-age={facts['AccessControlMaxAgeSec']}{below}"
    if "CorsConfig" in config:
        (found["access-control-allow-origin"],) = config["CorsConfig"]["AccessControlAllowOrigins"]["Items"]
    assert all(facts["Override"] for facts in security.values())
    return found


def with_marks(policy: Any) -> str:
    text: str = policy if isinstance(policy, str) else policy["Fn::Sub"][0]
    for name, filling in headers.FILLINGS.items():
        if filling:
            text = text.replace(filling, MARKS[name])
    return text


@pytest.mark.parametrize(("site", "path"), [(site, path) for site, paths in SITES.items() for path in paths])
def test_every_file_comes_with_its_declared_headers(resources, site: str, path: str) -> None:
    wanted = declared(path)
    if "content-security-policy" in wanted:
        unfilled = [name for name, filling in headers.FILLINGS.items() if not filling]
        for name in unfilled:
            wanted["content-security-policy"] = wanted["content-security-policy"].replace(
                f" {MARKS[name]}", ""
            )
    wanted.pop("cache-control")
    assert sent(resources, behavior(resources[site], path)["ResponseHeadersPolicyId"]) == wanted


@pytest.mark.parametrize(
    "path", [path for paths in SITES.values() for path in paths if not path.endswith("/")]
)
def test_how_long_a_file_may_be_kept_is_as_declared(path: str) -> None:
    assert headers.cache_control(path) == declared(path)["cache-control"]


def test_a_policy_never_ends_in_an_unfilled_placeholder(templates) -> None:
    for template in templates.values():
        assert not [
            name for name in headers.FILLINGS if f"{{{name}}}" in json.dumps(template).replace("${", "")
        ]


def test_an_attachment_is_never_a_page(resources) -> None:
    config = resources["FilesCDN"]["Properties"]["DistributionConfig"]
    assert "CacheBehaviors" not in config
    found = sent(resources, config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"])
    assert found.items() >= dict(door._NEVER_A_PAGE).items()


def test_rest_is_never_kept_at_an_edge(resources) -> None:
    for site in SITES:
        rest = behavior(resources[site], "/v1/me")
        assert rest["TargetOriginId"] == "rest"
        assert rest["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"  # AWS's CachingDisabled
        assert set(rest["AllowedMethods"]) == {"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "POST", "DELETE"}
