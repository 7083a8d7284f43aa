"""Run as a program: a guest that tells which OpenGL its Mesa offers, through EGL and without a window.

It reads lines. For each it forks, asks in the child, and writes one line of JSON: what it got for a context of version
3.1 of the core profile, of the compatibility profile, and of ES 2, each ``null`` where Mesa refuses. After the first
answer it loads the driver into itself, so that every further child is spared that. With the argument ``extensions``
it lists those as well.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import signal
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

EGL_PLATFORM_SURFACELESS_MESA = 0x31DD
EGL_OPENGL_API, EGL_OPENGL_ES_API = 0x30A2, 0x30A0
EGL_CONTEXT_MAJOR_VERSION, EGL_CONTEXT_MINOR_VERSION, EGL_CONTEXT_OPENGL_PROFILE_MASK = 0x3098, 0x30FB, 0x30FD
EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT, EGL_NONE = 1, 0x3038
GL_RENDERER, GL_VERSION, GL_EXTENSIONS, GL_SHADING_LANGUAGE_VERSION = 0x1F01, 0x1F02, 0x1F03, 0x8B8C
GL_NUM_EXTENSIONS = 0x821D

CORE_3_1 = [EGL_CONTEXT_MAJOR_VERSION, 3, EGL_CONTEXT_MINOR_VERSION, 1]
CORE_3_1 += [EGL_CONTEXT_OPENGL_PROFILE_MASK, EGL_CONTEXT_OPENGL_CORE_PROFILE_BIT]
CONTEXTS: dict[str, tuple[int, list[int]]] = {
    "core": (EGL_OPENGL_API, CORE_3_1),
    "compat": (EGL_OPENGL_API, []),
    "es": (EGL_OPENGL_ES_API, [EGL_CONTEXT_MAJOR_VERSION, 2]),
}
DRIVER = re.compile(r"(/\S+/(?:\w+_dri|libgallium\S*)\.so\S*)")


def ask(egl: ctypes.CDLL, extensions: bool) -> dict[str, Any]:
    """What each kind of context has, or ``error`` if there is no display at all; ``driver`` is the driver's file."""
    for name in ("eglGetPlatformDisplay", "eglCreateContext", "eglGetProcAddress"):
        getattr(egl, name).restype = ctypes.c_void_p
    display = ctypes.c_void_p(egl.eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, None, None))
    there = egl.eglInitialize(display, None, None)
    with open("/proc/self/maps") as maps:
        found: dict[str, Any] = {"driver": sorted(set(DRIVER.findall(maps.read())))}
    if not there:
        return {**found, "error": "eglInitialize fails: there is no display"}
    get_string = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_uint)(egl.eglGetProcAddress(b"glGetString"))
    get_stringi = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_uint, ctypes.c_uint)(
        egl.eglGetProcAddress(b"glGetStringi")
    )
    get_integer = ctypes.CFUNCTYPE(None, ctypes.c_uint, ctypes.c_void_p)(egl.eglGetProcAddress(b"glGetIntegerv"))
    for name, (api, attributes) in CONTEXTS.items():
        egl.eglBindAPI(api)
        array = (ctypes.c_int * (len(attributes) + 1))(*attributes, EGL_NONE)
        context = ctypes.c_void_p(egl.eglCreateContext(display, None, None, array))
        if not context or not egl.eglMakeCurrent(display, None, None, context):
            found[name] = None
            continue
        strings = {"renderer": GL_RENDERER, "version": GL_VERSION, "glsl": GL_SHADING_LANGUAGE_VERSION}
        found[name] = {key: (get_string(number) or b"").decode(errors="replace") for key, number in strings.items()}
        if extensions:
            count = ctypes.c_int(0)
            get_integer(GL_NUM_EXTENSIONS, ctypes.byref(count))
            listed = [get_stringi(GL_EXTENSIONS, index) for index in range(count.value)]
            words = listed if listed else (get_string(GL_EXTENSIONS) or b"").split()
            found[name]["extensions"] = sorted(word.decode(errors="replace") for word in words if word)
        egl.eglMakeCurrent(display, None, None, None)
        egl.eglDestroyContext(display, context)
    return found


def ask_in_a_child(egl: ctypes.CDLL, extensions: bool, seconds: int) -> dict[str, Any]:
    """The same, and ``error`` if the driver crashes or hangs."""
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            signal.alarm(seconds)
            os.close(reader)
            os.dup2(2, 1)  # what the driver prints is no answer
            with os.fdopen(writer, "w") as pipe:
                json.dump(ask(egl, extensions), pipe)
        finally:
            os._exit(0)  # what the driver does when it ends is nobody's business
    os.close(writer)
    with os.fdopen(reader) as pipe:
        answer = pipe.read()
    _, status = os.waitpid(child, 0)
    try:
        found: dict[str, Any] = json.loads(answer)
    except ValueError:
        number = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
        how = {0: "does not answer", signal.SIGALRM: "hangs"}.get(number, f"ends with signal {number}")
        return {"driver": [], "error": f"Mesa {how}"}
    return found


def main() -> None:
    """Answer line by line."""
    egl = ctypes.CDLL("libEGL.so.1")
    loaded: dict[str, ctypes.CDLL] = {}
    for line in sys.stdin:
        found = ask_in_a_child(egl, "extensions" in sys.argv, int(line))
        for path in found.pop("driver"):
            if path not in loaded:
                loaded[path] = ctypes.CDLL(path, os.RTLD_NOW | os.RTLD_GLOBAL)
        print(json.dumps(found), flush=True)


if __name__ == "__main__":
    main()
