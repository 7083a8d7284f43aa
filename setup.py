"""The extension and its switches; all else is in pyproject.toml."""

import os
from glob import glob

from Cython.Build import cythonize
from setuptools import Extension, setup

# gcc inlines copies whose size it knows as `rep movsq`, which is four times slower than the library's memcpy; see
# src/cc_copy.h for the other half of the cure.
compile_args = ["-O3", "-Wall", "-Wextra", "-Wno-unused-parameter", "-Wno-missing-field-initializers"]
link_args = []
if os.environ.get("CAPCODEC_SANITIZE"):
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g"]
    compile_args += flags
    link_args += flags

setup(
    ext_modules=cythonize(
        [
            Extension(
                "capcodec.structs._core",
                ["src/_core.pyx"],
                include_dirs=["src"],
                depends=glob("src/cc_*.h"),
                extra_compile_args=compile_args,
                extra_link_args=link_args,
            )
        ],
        annotate=bool(os.environ.get("CAPCODEC_ANNOTATE")),
        build_dir="build",
    )
)
