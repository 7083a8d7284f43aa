"""Numbers that two branches claim."""

from __future__ import annotations

from capcodec.upstream.claims import claimed_twice
from histories import Made


def test_claims(tmp_path):
    made = Made(tmp_path / "made")
    flags = "".join(f"#define CAP_{name} (1u << {bit})\n" for bit, name in enumerate("ABCDE"))
    base = flags + "enum formats { FORMAT_A, FORMAT_MAX };\nstruct caps { int a; };\n"
    made.commit({"hw.h": base})
    for branch, (flag, name, field) in {
        "one": ("#define CAP_ONE (1u << 5)", "FORMAT_ONE", "one"),
        "two": ("#define CAP_TWO (1u << 5)", "FORMAT_TWO", "two"),
        "three": ("#define CAP_THREE (1u << 7)", "FORMAT_A", "one"),
    }.items():
        made.git("checkout", "-q", "-b", branch, "main")
        text = base.replace("enum", f"{flag}\nenum").replace("int a;", f"int a; int {field};")
        made.commit({"hw.h": text if name == "FORMAT_A" else text.replace("FORMAT_MAX", f"{name}, FORMAT_MAX")})
        made.git("update-ref", f"refs/merge-requests/{branch}/head", branch)
    made.git("checkout", "-q", "main")
    found = claimed_twice(str(made.path), ["hw.h"])
    assert {(claim.what, claim.number) for claim in found} == {
        ("CAP_A", "32"), ("enum formats", "1"), ("struct caps", "bytes 4..8"),
    }  # fmt: skip
    flag = next(claim for claim in found if claim.what == "CAP_A")
    assert set(flag.names.values()) == {"CAP_ONE", "CAP_TWO"}
    assert "refs/merge-requests/one/head" in flag.names
    assert str(flag) == (
        "hw.h: CAP_A 32: CAP_ONE in refs/heads/one, CAP_TWO in refs/heads/two, "
        "CAP_ONE in refs/merge-requests/one/head, CAP_TWO in refs/merge-requests/two/head"
    )
