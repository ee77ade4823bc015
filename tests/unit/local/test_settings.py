"""What the environment means to the stand-in."""

from infra.local.settings import LocalSettings


def test_by_itself_it_is_on_loopback_and_goes_by_two_names():
    settings = LocalSettings.from_environment({})

    assert settings.host_names == {"127.0.0.1:8787", "localhost:8787"}
    assert (settings.origin, settings.other_origin) == ("http://127.0.0.1:8787", "http://localhost:8787")
    assert settings.own_ancestors == "'self' http://127.0.0.1:* http://localhost:*"


def test_what_is_set_to_nothing_is_not_set():
    assert LocalSettings.from_environment({"HOST": "", "PORT": "", "DESKBELL_DEMO": ""}) == LocalSettings()


def test_on_one_address_it_goes_by_that_alone():
    settings = LocalSettings.from_environment({"HOST": "192.0.2.7", "PORT": "80"})

    assert settings.host_names == {"192.0.2.7:80", "192.0.2.7"}
    assert settings.own_ancestors == "'self'"
    assert settings.site_fillings == {
        "sockets": "ws://192.0.2.7 ws://192.0.2.7:80",
        "files": "http://192.0.2.7:80",
        "widget": "http://192.0.2.7:80",
    }


def test_listening_everywhere_it_answers_to_every_name():
    settings = LocalSettings.from_environment({"HOST": "0.0.0.0"})  # noqa: S104  (it is what is tested)

    assert (settings.host_names, settings.other_origin) == (None, "")
    assert settings.origin == "http://127.0.0.1:8787"


def test_an_ipv6_address_is_written_in_brackets():
    assert LocalSettings(host="::1").origin == "http://[::1]:8787"


def test_every_setting_says_what_it_means():
    for name, known in LocalSettings.__dataclass_fields__.items():
        assert known.metadata["name"], name
        assert known.metadata["meaning"], name
