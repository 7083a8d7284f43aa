"""The extension and its switches; all else is in pyproject.toml."""

import os
import shutil
from glob import glob

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_py import build_py

# gcc inlines copies whose size it knows as `rep movsq`, which is four times slower than the library's memcpy; see
# src/cc_copy.h for the other half of the cure.
#
# Modules call small functions of one another, which gcc would inline within one module only when it likes to.
compile_args = ["-O3", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-missing-field-initializers"]
compile_args.append("-DCYTHON_INLINE=__inline__ __attribute__((always_inline))")
link_args = []
if os.environ.get("CAPCODEC_SANITIZE"):
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g"]
    compile_args += flags
    link_args += flags
elif os.environ.get("CAPCODEC_LINES"):  # for tools that tell of lines: tests/fuzz
    compile_args += ["-O1", "-g"]
else:  # debug information would be six parts in seven of the wheel
    compile_args.append("-g0")
    link_args.append("-Wl,-s")

# The core's modules, each over those before it
MODULES = ("_instances", "_values", "_dicts", "_fields", "_classes", "_bulk", "_json_write", "_json_read")

# Two are for speed: without `binding`, calls save 2 ns that Python-function look-alikes cost; without
# `always_allow_keywords` a function of one argument is called without an argument array.
DIRECTIVES = {
    "language_level": 3,
    "binding": False,
    "always_allow_keywords": False,
    "cdivision": True,
    "embedsignature": True,
    "embedsignature.format": "clinic",
    "freethreading_compatible": True,
    "initializedcheck": False,
}


class BuildWithHeaders(build_py):
    """Puts the core's C headers into the package, for code that cimports it; an editable install has them in src/."""

    def run(self):
        """Build, then copy the headers."""
        super().run()
        if not self.editable_mode:
            include = os.path.join(self.build_lib, "capcodec", "include")
            os.makedirs(include, exist_ok=True)
            for header in glob("src/*.h"):
                shutil.copy(header, include)


setup(
    cmdclass={"build_py": BuildWithHeaders},
    ext_modules=cythonize(
        [
            Extension(
                f"capcodec.structs.{name}",
                [f"src/{name}.pyx"],
                include_dirs=["src"],
                depends=glob("src/cc_*.h"),
                extra_compile_args=compile_args,
                extra_link_args=link_args,
            )
            for name in MODULES
        ],
        compiler_directives=DIRECTIVES,
        annotate=bool(os.environ.get("CAPCODEC_ANNOTATE")),
        build_dir="build",
    ),
)
