# tests/tidy/catalogue_checks.py: the catalogue is whole: every cause speaks both languages, can be hit and is tried by the compiler;
# every row of the conformance table is answered; every reason of the taxonomy has a cause.
import re

SITUATIONS = range(1, 132)
# Rows 1 to 104 are replies of our own server, the rest outcomes of our deliveries. Row 21 is a configuration that no server of ours
# can be in.
SERVER_SITUATIONS = [row for row in range(1, 105) if row != 21]


def causes_are_whole(tree):
    complaints = []
    for cause in tree.causes():
        for language in ("en", "zh"):
            texts = cause.data.get(language, {})
            if not texts.get("title") or not texts.get("cause"):
                complaints.append(f"{cause.path}:1: no [{language}] with title and cause; write it")
        if not cause.data.get("examples"):
            complaints.append(f"{cause.path}:1: no example; add a reply that this cause explains")
        if not cause.data.get("match"):
            complaints.append(f"{cause.path}:1: no [[match]] rule; nothing would ever be explained by this cause")
    return complaints


def compiler_tries_every_example(tree):
    """catalogc tries every example; the build must call it on the whole catalogue, and the program must hold what it wrote."""
    complaints = []
    build = tree.text("cmake/catalogue.cmake")
    command = re.search(r"add_custom_command\((.*?)\n?\)", build, re.DOTALL)
    glob = re.search(r"file\(GLOB_RECURSE\s+(\w+)\s+CONFIGURE_DEPENDS\s+\$\{CMAKE_SOURCE_DIR\}/catalogue/\*\.toml\)", build)
    if not glob:
        complaints.append("cmake/catalogue.cmake:1: the files of catalogue/ are not globbed with CONFIGURE_DEPENDS; "
                          "a new cause would not be compiled")
    if not command or not re.search(r"COMMAND\s+catalogc\s+\$\{CMAKE_SOURCE_DIR\}/catalogue\s", command[1]):
        complaints.append("cmake/catalogue.cmake:1: no add_custom_command that calls catalogc on ${CMAKE_SOURCE_DIR}/catalogue")
    elif glob and "${" + glob[1] + "}" not in command[1]:
        complaints.append("cmake/catalogue.cmake:1: the command does not depend on the catalogue's files; a changed example would not be tried")
    if "check_catalogue(" not in tree.text("tools/catalogc.cc"):
        complaints.append("tools/catalogc.cc:1: does not call check_catalogue; nothing tries the examples")
    return complaints


def program_holds_the_catalogue(tree, held):
    """`held`: the examples by cause id, as `posthorn catalogue list --json` tells them."""
    complaints = []
    causes = tree.causes()
    for cause in causes:
        if held.get(cause.id) != cause.data.get("examples"):
            complaints.append(f"{cause.path}:1: the program does not hold this cause with these examples; build it again")
    for extra in sorted(held.keys() - {cause.id for cause in causes}):
        complaints.append(f"catalogue: the program holds {extra}, which has no file; build it again")
    return complaints


def situations_have_causes(tree):
    answered = {row for cause in tree.causes() for row in cause.data.get("situations", [])}
    complaints = [f"catalogue: no cause answers situation {row}; add it to the `situations` of the cause it belongs to"
                  for row in SITUATIONS if row not in answered]
    for cause in tree.causes():
        complaints += [f"{cause.path}:1: there is no situation {row}" for row in cause.data.get("situations", []) if row not in SITUATIONS]
    return complaints


def server_situations_have_replies(tree):
    replies = {reply.get("situation") for cause in tree.causes() for reply in cause.data.get("reply", [])}
    return [f"catalogue: no [[reply]] for situation {row}; our server could say nothing there" for row in SERVER_SITUATIONS if row not in replies]


# What only a whole mail can be, never a reply.
MAIL_ONLY = {"vacation", "feedback", "challenge"}


def reasons_have_causes(tree):
    used = {cause.data.get("reason") for cause in tree.causes()}
    table = "src/status/reason.cc"
    source = tree.text(table)
    reasons = list(re.finditer(r'Reason\{"(\w+)"', source))
    if not reasons:
        return [f"{table}:1: no reason found; this check does not know how the taxonomy is written now"]
    return [f"{table}:{source.count(chr(10), 0, reason.start()) + 1}: no cause has the reason {reason[1]}; write one or take the reason away"
            for reason in reasons if reason[1] not in used | MAIL_ONLY]
