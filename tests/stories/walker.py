"""Walks through the real window from outside, as a person at the keyboard would.

Run by the system's Python (Debian: python3-pyatspi), because that is where the
accessibility library lives, inside a private D-Bus session:

    dbus-run-session -- /usr/bin/python3 walker.py STEPS.json OUT -- COMMAND …

STEPS.json is a list of [verb, argument]. Text is matched against accessible
names, whole first, else a part. It stops at the first step that fails, prints
what it saw, and exits 1.
"""

import json
import os
import shlex
import signal
import subprocess
import sys
import time

WAIT_SECONDS = 25


class Walk:
    """One screen, one program on it (that can be killed and started again), and the steps."""

    def __init__(self, out, command):
        self.out, self.command, self.app = out, command, None
        os.makedirs(out, exist_ok=True)
        read, write = os.pipe()
        self.screen = subprocess.Popen(
            ["Xvfb", "-displayfd", str(write), "-screen", "0", "1366x900x24", "-nolisten", "tcp"],
            pass_fds=[write],
            stderr=subprocess.DEVNULL,
        )
        os.close(write)
        with os.fdopen(read) as pipe:
            number = pipe.readline().strip()
        os.environ.update(
            DISPLAY=f":{number}",
            QT_QPA_PLATFORM="xcb",
            QT_LINUX_ACCESSIBILITY_ALWAYS_ON="1",
            QT_ACCESSIBILITY="1",
            NO_AT_BRIDGE="0",
        )
        os.environ.pop("WAYLAND_DISPLAY", None)
        self.manager = self._window_manager()
        places = ("/usr/libexec/at-spi-bus-launcher", "/usr/lib/at-spi2-core/at-spi-bus-launcher")
        launcher = next(path for path in places if os.path.exists(path))
        self.bus = subprocess.Popen([launcher, "--launch-immediately"], stderr=subprocess.DEVNULL)
        time.sleep(1)
        import pyatspi
        from gi.repository import GLib

        self.atspi = pyatspi
        self._context = GLib.MainContext.default()
        self._last_focus = None
        pyatspi.Registry.registerEventListener(self._on_focus, "object:state-changed:focused")

    def _window_manager(self):
        """Without one no window gets the keys; now and then it does not survive its start."""
        for _attempt in range(5):
            manager = subprocess.Popen(["openbox"], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
            end = time.time() + 5
            while manager.poll() is None and time.time() < end:
                if subprocess.run(["xdotool", "get_desktop"], capture_output=True).returncode == 0:
                    return manager
                time.sleep(0.05)
            manager.kill()
            manager.wait()
        raise AssertionError("the window manager does not start")

    # --- what is on the screen -------------------------------------------

    def nodes(self, hidden=False):
        """Everything that shows, window by window; with `hidden`, all the rest too."""
        for app in self.atspi.Registry.getDesktop(0):
            if app is not None:
                yield from self._below(app, 0, hidden)

    def _below(self, node, depth, hidden):
        yield node, depth
        if depth > 40:
            return
        try:
            children = [node.getChildAtIndex(n) for n in range(node.childCount)]
        except Exception:
            return
        for child in children:
            # Each question goes through the message bus; what lies in a hidden page is not asked.
            if child is not None and (hidden or self._shows(child)):
                yield from self._below(child, depth + 1, hidden)

    def _shows(self, node):
        try:
            return node.getState().contains(self.atspi.STATE_SHOWING)
        except Exception:
            return False

    def find(self, text):
        """The showing thing with this name, else the first whose name holds it."""
        part = None
        for node, _depth in self.nodes():
            try:
                name = node.name or ""
                if name == text:
                    return node
                if part is None and text.lower() in name.lower():
                    part = node
            except Exception:
                continue
        return part

    def _on_focus(self, event):
        if event.detail1:
            self._last_focus = event.source

    def focused(self):
        """Names of what has the focus: what said so last, else whatever is found; looking at everything takes long."""
        while self._context.pending():
            self._context.iteration(False)
        try:
            state = self._last_focus.getState()
            if state.contains(self.atspi.STATE_FOCUSED) and state.contains(self.atspi.STATE_SHOWING):
                return [self._last_focus.name]
        except Exception:
            self._last_focus = None
        names = []
        for node, _depth in self.nodes():
            try:
                if node.getState().contains(self.atspi.STATE_FOCUSED):
                    names.append(node.name)
            except Exception:
                continue
        return names

    def texts(self):
        """The contents of every showing text."""
        found = []
        for node, _depth in self.nodes():
            try:
                found.append(node.queryText().getText(0, -1))
            except Exception:
                continue
        return found

    # --- verbs -----------------------------------------------------------

    def start(self, more=""):
        """Start the program, with more arguments if given."""
        log = open(f"{self.out}/output", "ab")
        self.app = subprocess.Popen([*self.command, *shlex.split(more)], stdout=log, stderr=log)

    def kill(self, _argument):
        """Kill it at once, as a power cut would."""
        self.app.send_signal(signal.SIGKILL)
        self.app.wait()
        self._until(lambda: not self._has_windows(), "the window is gone")

    def ended(self, _argument):
        """Wait until the program has ended by itself."""
        self.app.wait(timeout=WAIT_SECONDS)

    def wait(self, text):
        """Until something of this name shows."""
        self._until(lambda: self.find(text) is not None, f"something named {text!r}")

    def gone(self, text):
        """Until nothing of this name shows."""
        self._until(lambda: self.find(text) is None, f"nothing named {text!r}")

    def reads(self, text):
        """Until some text or name on the screen holds these words."""
        self._until(
            lambda: self.find(text) is not None or any(text in shown for shown in self.texts()), f"the words {text!r}"
        )

    def absent(self, text):
        """No text or name on the screen holds these words, now."""
        if self.find(text) is not None or any(text in shown for shown in self.texts()):
            raise AssertionError(f"the words {text!r} are on the screen")

    def focus(self, text):
        """Until this has the focus."""
        self._until(lambda: any(text.lower() in (n or "").lower() for n in self.focused()), f"the focus on {text!r}")

    def tab_to(self, text):
        """Press Tab until this has the focus, as someone without a mouse would."""
        for _press in range(80):
            if any(text.lower() in (name or "").lower() for name in self.focused()):
                return
            self.key("Tab")
        raise AssertionError(f"Tab does not reach {text!r}; the focus is on {self.focused()}")

    def press(self, text):
        """Tab to it, then Space."""
        self.wait(text)
        self.tab_to(text)
        self.key("space")

    def click(self, text):
        """Do its action, or click its middle."""
        self.wait(text)
        node = self.find(text)
        try:
            node.queryAction().doAction(0)
        except Exception:
            box = node.queryComponent().getExtents(self.atspi.DESKTOP_COORDS)
            self._run("xdotool", "mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2), "click", "1")
        time.sleep(0.3)

    def type(self, words):
        """Type these words."""
        self._run("xdotool", "type", "--delay", "8", "--", words)
        time.sleep(0.2)

    def key(self, keys):
        """Press these keys."""
        self._run("xdotool", "key", "--delay", "40", *shlex.split(keys))
        time.sleep(0.12)

    def sleep(self, seconds):
        """Let time pass."""
        time.sleep(float(seconds))

    def title(self, text):
        """Until the window's title is exactly this."""

        def is_it():
            shown = subprocess.run(["xdotool", "search", "--name", ".*"], capture_output=True, text=True).stdout.split()
            names = [
                subprocess.run(["xdotool", "getwindowname", w], capture_output=True, text=True).stdout.strip()
                for w in shown
            ]
            return text in names

        self._until(is_it, f"a window titled {text!r}")

    def raise_window(self, name):
        """Bring a minimised window back, as the task bar does."""
        window = self._run("xdotool", "search", "--name", name).split()[-1]
        self._run("xdotool", "windowmap", window)
        self._run("xdotool", "windowactivate", window)
        time.sleep(0.5)

    def run(self, command):
        """Run a command beside the window; it must succeed."""
        subprocess.run(command, shell=True, check=True)

    def shot(self, name):
        """Keep a picture of the screen."""
        subprocess.run(["import", "-window", "root", f"{self.out}/{name}.png"], check=False)

    def tree(self, name):
        """Keep the tree of names and roles."""
        with open(f"{self.out}/{name}.tree", "w") as file:
            for node, depth in self.nodes(hidden=True):
                try:
                    file.write(f"{'  ' * depth}{node.getRoleName()} | {node.name} | {node.description}\n")
                except Exception:
                    continue

    # --- inside ----------------------------------------------------------

    def _run(self, *command):
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def _has_windows(self):
        return any(app is not None and app.childCount for app in self.atspi.Registry.getDesktop(0))

    def _until(self, condition, words):
        end = time.time() + WAIT_SECONDS
        while time.time() < end:
            if condition():
                return
            time.sleep(0.15)
        raise AssertionError(f"waited {WAIT_SECONDS} s for {words}")

    def close(self):
        """End everything that was started."""
        for process in (self.app, self.manager, self.bus, self.screen):
            if process is not None and process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=5)
                except subprocess.TimeoutExpired:
                    process.kill()


def main():
    """Read the steps and walk them."""
    at = sys.argv.index("--")
    steps_file, out, command = sys.argv[1], sys.argv[2], sys.argv[at + 1 :]
    with open(steps_file) as file:
        steps = json.load(file)
    walk = Walk(out, command)
    try:
        for number, (verb, argument) in enumerate(steps, start=1):
            began = time.time()
            try:
                getattr(walk, verb)(argument)
            except Exception as error:
                print(f"step {number} {verb} {argument!r}: {error}", flush=True)
                walk.shot("failed")
                walk.tree("failed")
                return 1
            print(f"ok {number} {verb} {argument} ({time.time() - began:.1f} s)", flush=True)
    finally:
        walk.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
