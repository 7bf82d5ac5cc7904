#!/usr/bin/env bash
# Checks what a machine can of the code's shape: that kinds are named in one place, that a name means one thing, and that
# docs/architecture.md shows the imports as they are.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
exec python3 - "$@" <<'PYTHON'
import re, subprocess, sys
from pathlib import Path

problems = []

# Comments and texts are no code.
NOISE = re.compile(r'//[^\n]*|/\*.*?\*/|(#*)""".*?"""\1|(#*)"(?:\\.|[^"\\\n])*"\2', re.S)
TYPE = re.compile(r'^( *)(?:@\w+(?:\([^)]*\))? )*(?:(?:public|package|internal|fileprivate|private|final|indirect|nonisolated) )*'
                  r'(struct|enum|class|actor|protocol|typealias) (\w+)', re.M)

def code(path):
    return NOISE.sub(lambda found: "\n" * found[0].count("\n"), path.read_text())

swift = {path: code(path) for folder in ("Sources", "Tests") for path in sorted(Path(folder).rglob("*.swift"))}
sources = {path: text for path, text in swift.items() if path.parts[0] == "Sources"}

def types(text, nested=False):
    """The names of the types of a file, and the lines that they stand in."""
    return [(found[3], text.count("\n", 0, found.start()) + 1) for found in TYPE.finditer(text) if nested or not found[1]]

# 1. A kind of rule or channel is named in its folder and in one table, and nowhere else.
def check_kinds(table, root, enum):
    entries = re.findall(r"case \.(\w+): (\w+)\.self", sources[Path(table)])
    if not entries: problems.append(f"{table}: lists no kinds; is it the table still?")
    words = "|".join(word for word, _ in entries)
    case = re.compile(rf"\b{enum}\.({words})\b|\.rule\(\.({words})\)|\b(?:topic|type|of)(?:: \w+)? ?(?:[!=]=|:) ?\.({words})\b")
    folders = {}
    for path in sources:
        if path.is_relative_to(root) and path.parent != Path(root):
            folders.setdefault(path.parent, set()).update(name for name, _ in types(sources[path]))
    homes = {folder: names for folder, names in folders.items() if names & {name for _, name in entries}}
    for path, text in sources.items():
        if path == Path(table): continue
        foreign = set().union(*(names for folder, names in homes.items() if folder != path.parent))
        for number, line in enumerate(text.split("\n"), 1):
            named = [name for name in re.findall(r"\b[A-Z]\w*", line) if name in foreign]
            if path.parent not in homes: named += [found[0].strip() for found in case.finditer(line)]
            for name in named: problems.append(f"{path}:{number}: names {name}, which only its folder and {table} may")

check_kinds("Sources/QuotaCore/Rules/RuleType.swift", "Sources/QuotaCore/Rules", "RuleType")
check_kinds("Sources/Notifiers/Channel/ChannelType.swift", "Sources/Notifiers", "ChannelType")

# What the targets import of each other.
targets = {"TestSupport"} | {folder.name for folder in Path("Sources").iterdir()}
imported = {target: set() for target in targets}
for path, text in swift.items():
    target = path.parts[1]
    if target in imported: imported[target] |= set(re.findall(r"^(?:\w+ |@\w+ )*import (\w+)", text, re.M)) & targets - {target}

# Nothing that is made of other files is kept.
listed = subprocess.run(["git", "ls-files", "-ci", "--exclude-standard"], capture_output=True, text=True)
problems += [f"{path}: is made anew and has no place in git" for path in listed.stdout.split("\n") if path]

# 2. No two types have the same name, and none that of a library's type which is used here.
LIBRARIES = {"Channel", "CommandConfiguration", "HTTPRequest", "HTTPResponse", "Process", "Result", "Task"}
places = {}
for path, text in swift.items():
    for name, line in types(text): places.setdefault(name, []).append(f"{path}:{line}")
for name, where in sorted(places.items()):
    if len(where) > 1: problems.append(f"{where[0]}: the type {name} is declared again at {', '.join(where[1:])}")
for path, text in sources.items():
    for name, line in types(text, nested=True):
        here = f"{path}:{line}"
        if name in LIBRARIES: problems.append(f"{here}: a library's type is called {name}, too")
        seen = imported[path.parts[1]] | {path.parts[1]}
        other = [place for place in places.get(name, []) if place.split("/")[1] in seen and place != here]
        if other and here not in places[name]: problems.append(f"{here}: the type {name} hides that of {other[0]}")

# 3. The table of targets says what each imports.
page = Path("docs/architecture.md")
shown = {}
for names, imports in re.findall(r"^\| (`.+?) \| .* \| (.*?) \|$", page.read_text(), re.M):
    for name in set(re.findall(r"`(\w+)`", names)) & targets: shown[name] = set(re.findall(r"\w+", imports)) & targets
for target in sorted(targets):
    if target not in shown: problems.append(f"{page}: the table of targets does not show {target}")
    elif shown[target] != imported[target]:
        problems.append(f"{page}: {target} imports {', '.join(sorted(imported[target])) or 'nothing'}, "
                        f"and the table says {', '.join(sorted(shown[target])) or 'nothing'}")

for problem in problems: print(problem, file=sys.stderr)
if problems: sys.exit(f"error: {len(problems)} things are not as they should be; see scripts/check-shape.sh")
print(f"shape: {len(swift)} files are as they should be")
PYTHON
