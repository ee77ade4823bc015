"""The site's declared headers as CloudFront has them: a policy for each different set, a behavior for each path that needs it.

`infra/site/headers.json` is the one source, for one machine's stand-in and for the cloud. What its placeholders mean here
stands below. `Cache-Control` is the object's own in S3, so that CloudFront itself goes by it.
"""

import fnmatch
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from infra.cloud.project import ROOT

DECLARED = ROOT / "infra" / "site" / "headers.json"
CACHE = "cache-control"

FILLINGS: Mapping[str, str] = {
    "ancestors": "'self' ${EmbedOn}",
    "sockets": "${Sockets}",
    "files": "${Files} https://${FilesBucket.RegionalDomainName}",
    "widget": "",
}
"""`ancestors`: the sites told at deployment, and the demo page beside the panel. `files`: links come from CloudFront, forms go
to S3 itself. `widget`: the demo page stands in the widget's own origin."""

_VALUES = {
    "Sockets": {
        "Fn::If": [
            "HasDomain",
            {"Fn::Sub": "wss://socket.${DomainName}"},
            {"Fn::Sub": "wss://${WebsocketAPI}.execute-api.${AWS::Region}.${AWS::URLSuffix}"},
        ]
    },
    "Files": {
        "Fn::If": [
            "HasDomain",
            {"Fn::Sub": "https://files.${DomainName}"},
            {"Fn::Sub": "https://${FilesCDN.DomainName}"},
        ]
    },
}


@dataclass(frozen=True)
class Rule:
    """All the headers of the paths a pattern matches, names in lower case; those of broader rules are in it."""

    path: str
    headers: Mapping[str, str]

    def matches(self, path: str) -> bool:
        return fnmatch.fnmatchcase(path, self.path)


def rules() -> list[Rule]:
    """As declared, narrow ones first, each with what it leaves to those after it."""
    declared = json.loads(DECLARED.read_text("utf-8"))["rules"]
    found = []
    for at, rule in enumerate(declared):
        headers: dict[str, str] = {}
        for other in declared[at:]:
            if fnmatch.fnmatchcase(rule["path"], other["path"]):
                for name, value in other["headers"].items():
                    headers.setdefault(name.lower(), value)
        found.append(Rule(rule["path"], headers))
    return found


def cache_control(path: str) -> str:
    """How long the file at this path may be kept; paths begin with a slash."""
    return next(rule.headers[CACHE] for rule in rules() if rule.matches(path))


def add_to(template: dict[str, Any]) -> None:
    """Puts the policies into the template, and the paths that need one into the two sites' distributions."""
    resources = template["Resources"]
    for distribution, begins in (("ConsoleCDN", ("/console/",)), ("WidgetCDN", ("/widget/", "/assets/"))):
        config = resources[distribution]["Properties"]["DistributionConfig"]
        *narrow, rest = rules()
        narrow = [rule for rule in narrow if rule.path.startswith(begins)]
        config["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] = _policy(resources, rest)
        for rule in _told_apart(narrow, rest):
            behavior = {**config["DefaultCacheBehavior"], "PathPattern": rule.path}
            behavior["ResponseHeadersPolicyId"] = _policy(resources, rule)
            behavior["FunctionAssociations"] = [
                {"EventType": "viewer-request", "FunctionARN": {"Fn::GetAtt": ["SitePaths", "FunctionARN"]}}
            ]
            config["CacheBehaviors"].append(behavior)


def _told_apart(narrow: list[Rule], rest: Rule) -> list[Rule]:
    """Without those whose paths get the same from the rule that would match next."""
    kept: list[Rule] = []
    for rule in reversed(narrow):
        following = next((other for other in kept if other.matches(rule.path)), rest)
        if _sent(rule) != _sent(following):
            kept.insert(0, rule)
    return kept


def _sent(rule: Rule) -> dict[str, str]:
    return {name: value for name, value in rule.headers.items() if name != CACHE}


def _policy(resources: dict[str, Any], rule: Rule) -> dict[str, str]:
    """A reference to the policy that sends the rule's headers; the same set is one policy."""
    config = _config(_sent(rule))
    for name, resource in resources.items():
        if resource["Type"] == "AWS::CloudFront::ResponseHeadersPolicy":
            other = dict(resource["Properties"]["ResponseHeadersPolicyConfig"])
            if {**other, "Name": ""} == {**config, "Name": ""}:
                return {"Ref": name}
    words = re.findall(r"[a-z0-9]+", rule.path) or ["site"]
    name = "".join(word.title() for word in words) + "Headers"
    config["Name"] = {"Fn::Sub": "${AWS::StackName}-" + "-".join(words)}
    resources[name] = {
        "Type": "AWS::CloudFront::ResponseHeadersPolicy",
        "Properties": {"ResponseHeadersPolicyConfig": config},
    }
    return {"Ref": name}


def _config(headers: Mapping[str, str]) -> dict[str, Any]:
    """CloudFront has fields of its own for the best known; it takes those in no other place."""
    security: dict[str, Any] = {}
    others = []
    config: dict[str, Any] = {}
    for name, value in headers.items():
        match name:
            case "content-security-policy":
                security["ContentSecurityPolicy"] = {"ContentSecurityPolicy": _filled(value)}
            case "strict-transport-security":
                age = re.fullmatch(r"max-age=(\d+); includeSubDomains", value)
                if age is None:
                    raise ValueError(f"{DECLARED.name}: {name} is written in a way unknown here: {value}")
                security["StrictTransportSecurity"] = {
                    "AccessControlMaxAgeSec": int(age[1]),
                    "IncludeSubdomains": True,
                }
            case "x-content-type-options":
                security["ContentTypeOptions"] = {}
            case "x-frame-options":
                security["FrameOptions"] = {"FrameOption": value}
            case "referrer-policy":
                security["ReferrerPolicy"] = {"ReferrerPolicy": value}
            case "access-control-allow-origin":
                config["CorsConfig"] = {
                    "AccessControlAllowCredentials": False,
                    "AccessControlAllowHeaders": {"Items": ["*"]},
                    "AccessControlAllowMethods": {"Items": ["GET", "HEAD"]},
                    "AccessControlAllowOrigins": {"Items": [value]},
                    "OriginOverride": True,
                }
            case _:
                others.append({"Header": _as_written(name), "Value": value, "Override": True})
    config["SecurityHeadersConfig"] = {
        name: {**facts, "Override": True} for name, facts in sorted(security.items())
    }
    if others:
        config["CustomHeadersConfig"] = {"Items": others}
    return config


def _filled(policy: str) -> str | dict[str, Any]:
    """With the placeholders as references into the stack, and no spaces where nothing came in."""
    for name, filling in FILLINGS.items():
        policy = policy.replace(f"{{{name}}}", filling)
    policy = re.sub(r" +(?=;|$)| +(?= )", "", policy)
    if "${" not in policy:
        return policy
    return {"Fn::Sub": [policy, {name: value for name, value in _VALUES.items() if f"${{{name}}}" in policy}]}


def _as_written(name: str) -> str:
    return "-".join(word.title() for word in name.split("-"))
