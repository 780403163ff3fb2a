"""Reading requirements as pip does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.groundwork.python_host.plugins.module_utils._python import requirements

LOCKED = """\
# made by a tool
flask==3.0.3 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via app

click==8.1 ; python_version >= '3.8'  # comment
"""

GOOD = [
    "flask",
    "Flask-SQLAlchemy==3.1",
    "flask[async,dotenv]>=3,<4",
    "flask (>=3)",
    "zope.interface ~= 6.0",
    "six==1.*",
    "six===1.0+local",
    "six!=1.1",
    "six; sys_platform == 'linux'",
    "six==1; (python_version < '3.12' and os_name == 'posix') or extra == 'x'",
    "six; 'linux' in sys_platform",
    "six; python_version not in '2.7, 3.0'",
    "app @ https://index.example/app-1.whl",
    "app @ git+https://me:secret1@git.example/app@v1#egg=app",
    "https://index.example/app-1.whl",
    "git+ssh://git@git.example/app.git",
    "/opt/wheels/app-1.whl",
    "--index-url https://me:secret1@index.example/simple",
    "-i https://index.example/simple",
    "--extra-index-url=https://index.example/simple",
    "--find-links /opt/wheels",
    "-f https://index.example/wheels",
    "--no-binary :all:",
    "--require-hashes",
    "--pre",
]

BAD = [
    ("-r base.txt", "other files are not read"),
    ("-rbase.txt", "other files are not read"),
    ("--requirement=/etc/base.txt", "other files are not read"),
    ("-c limits.txt", "other files are not read"),
    ("--constraint limits.txt", "other files are not read"),
    ("-e .", "editable"),
    ("--editable git+https://git.example/app", "editable"),
    ("--user", "no option that pip takes here"),
    ("--break-system-packages", "no option that pip takes here"),
    ("-f wheels", "must be an absolute path"),
    ("./app.whl", "must be absolute"),
    ("../app", "must be absolute"),
    ("dist/app-1.whl", "must be absolute"),
    ("flask; rm -rf /tmp/x", "this is no requirement"),
    ("flask; rm -rf", "this is no requirement"),
    ("flask && reboot", "this is no requirement"),
    ("$(reboot)", "this is no requirement"),
    ("flask=1.0", "this is no requirement"),
    ("flask==", "this is no requirement"),
    ("-flask", "the directory must be an absolute path"),
    ("fla sk", "this is no requirement"),
    ("flask | sh", "this is no requirement"),
    ("flask == 1.0 2.0", "this is no requirement"),
]


@pytest.mark.parametrize("line", GOOD)
def test_what_pip_takes_is_taken(line):
    assert requirements.problems(line, where="requirements") == []


@pytest.mark.parametrize(("line", "words"), BAD)
def test_what_cannot_be_meant_is_refused(line, words):
    (problem,) = requirements.problems(line, where="requirements")
    assert problem.startswith("requirements line 1, ")
    assert words in problem


def test_every_bad_line_is_named_by_its_number():
    text = "flask\n\n-r a\nsix \\\n  ==\n"
    assert [problem.partition(",")[0] for problem in requirements.problems(text, where="x")] == ["x line 3", "x line 4"]


def test_a_problem_does_not_show_credentials():
    (problem,) = requirements.problems("-e https://me:secret1@git.example/app", where="x")
    assert "secret1" not in problem
    assert "https://***@git.example/app" in problem


def test_hashes_belong_to_their_line():
    assert requirements.parse(LOCKED) == (
        requirements.Line(2, "flask==3.0.3 --hash=sha256:aa --hash=sha256:bb"),
        requirements.Line(7, "click==8.1 ; python_version >= '3.8'"),
    )


def test_a_comment_ends_a_continuation_as_it_does_for_pip():
    assert requirements.parse("flask\\\n# note\nsix\n") == (requirements.Line(1, "flask"), requirements.Line(3, "six"))


def test_a_last_line_that_continues_into_nothing_counts():
    assert requirements.parse("flask\\") == (requirements.Line(1, "flask"),)


def test_hashes_are_not_shown_and_credentials_are_masked():
    text = f"{LOCKED}-i https://me:secret1@index.example/simple\n"
    assert requirements.shown(text) == (
        "flask==3.0.3",
        "click==8.1 ; python_version >= '3.8'",
        "-i https://***@index.example/simple",
    )


def test_comments_and_blank_lines_make_no_difference_and_hashes_do():
    assert requirements.normalised("flask==1\n") == requirements.normalised("# x\n\n  flask==1   # y\n")
    assert requirements.normalised(LOCKED) != requirements.normalised(LOCKED.replace("aa", "cc"))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-i https://me:secret1@index.example/", ("secret1",)),
        ("-i https://token9@index.example/", ("token9",)),
        ("x @ git+https://a:b@git.example/x", ()),
        ("git+ssh://git@git.example/x", ()),
        ("six", ()),
    ],
)
def test_passwords_are_found_and_harmless_words_are_not(text, found):
    assert requirements.secrets(text) == found


@given(st.text())
def test_any_text_is_judged_without_an_error(text):
    assert isinstance(requirements.problems(text, where="x"), list)
    assert "\n" not in "".join(requirements.shown(text))
