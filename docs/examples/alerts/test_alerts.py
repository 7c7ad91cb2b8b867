from alerts import alerts

from service.testing import actor, threat

ARTICLE = "Valdoria vowed to shell the port if Marovia sails. Marovia laughed."


def test_a_threat_is_an_alert(vigie_client, vigie_recordings):
    vigie_recordings.finds(ARTICLE, actor("Valdoria"), threat("vowed to shell the port", by=["Valdoria"]))
    assert alerts(vigie_client, ARTICLE) == ["Valdoria: vowed to shell the port"]


def test_nothing_found_is_no_alert(vigie_client, vigie_recordings):
    vigie_recordings.finds(ARTICLE)
    assert alerts(vigie_client, ARTICLE) == []


def test_what_was_not_read_is_told(vigie_client, vigie_recordings):
    vigie_recordings.fails(ARTICLE, "rate_limited")
    assert alerts(vigie_client, ARTICLE) == ["not read, try again: upstream-rate-limited"]
