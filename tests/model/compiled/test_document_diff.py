"""How two documents differ."""

from ndtui.model.compiled.document_diff import differences


def test_differences_are_named_by_their_path():
    before = {"a": [{"b": 1, "c": 2}], "d": [1]}
    after = {"a": [{"b": 1, "c": 3}], "d": [1, 2], "e": 0}
    assert list(differences("", before, after)) == [("a[0].c", 2, 3), ("d", [1], [1, 2]), ("e", None, 0)]
