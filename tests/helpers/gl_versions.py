"""Run as a program: the GL that Mesa offers, as JSON. Contexts without a window: 3.1 core, compatibility, ES 2."""

from __future__ import annotations

import ctypes
import json

EGL_PLATFORM_SURFACELESS_MESA = 0x31DD
EGL_OPENGL_API, EGL_OPENGL_ES_API = 0x30A2, 0x30A0
MAJOR, MINOR, PROFILE, CORE, NONE = 0x3098, 0x30FB, 0x30FD, 1, 0x3038
GL_RENDERER, GL_VERSION, GL_SHADING_LANGUAGE_VERSION = 0x1F01, 0x1F02, 0x8B8C
CONTEXTS = {
    "core": (EGL_OPENGL_API, [MAJOR, 3, MINOR, 1, PROFILE, CORE, NONE]),
    "compat": (EGL_OPENGL_API, [NONE]),
    "es": (EGL_OPENGL_ES_API, [MAJOR, 2, NONE]),
}

egl = ctypes.CDLL("libEGL.so.1")
for name in ("eglGetPlatformDisplay", "eglCreateContext", "eglGetProcAddress"):
    getattr(egl, name).restype = ctypes.c_void_p


def main() -> None:
    display = ctypes.c_void_p(egl.eglGetPlatformDisplay(EGL_PLATFORM_SURFACELESS_MESA, None, None))
    if not egl.eglInitialize(display, None, None):
        raise SystemExit("eglInitialize failed")
    get_string = ctypes.CFUNCTYPE(ctypes.c_char_p, ctypes.c_uint)(egl.eglGetProcAddress(b"glGetString"))
    found = {}
    for name, (api, attributes) in CONTEXTS.items():
        egl.eglBindAPI(api)
        array = (ctypes.c_int * len(attributes))(*attributes)
        context = egl.eglCreateContext(display, None, None, array)
        if not context:
            found[name] = None
            continue
        egl.eglMakeCurrent(display, None, None, ctypes.c_void_p(context))
        found[name] = {
            "renderer": get_string(GL_RENDERER).decode(),
            "version": get_string(GL_VERSION).decode(),
            "glsl": get_string(GL_SHADING_LANGUAGE_VERSION).decode(),
        }
        egl.eglMakeCurrent(display, None, None, None)
        egl.eglDestroyContext(display, ctypes.c_void_p(context))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
