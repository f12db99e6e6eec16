from unisono.annotate.secrets import hash_password, is_password, new_token, token_sha256


def test_a_password_is_recognised_and_another_is_not() -> None:
    stored = hash_password("correct horse")
    assert stored.startswith("$argon2id$")
    assert is_password("correct horse", stored)
    assert not is_password("correct horsf", stored)


def test_who_has_no_password_cannot_be_guessed() -> None:
    assert not is_password("", None)
    assert not is_password("anything", None)


def test_tokens_are_long_and_different_and_stored_hashed() -> None:
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(t) >= 43 for t in tokens)
    assert all(t not in token_sha256(t) for t in tokens)
