"""A package that calls capcodec's core from C: built by tests/test_cimport.py against the installed capcodec."""

from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup

import capcodec

setup(
    name="cimport-example",
    ext_modules=cythonize(
        [Extension("cimport_example", ["cimport_example.pyx"], include_dirs=[capcodec.get_include()])],
        # Cython finds what lies in site-packages by itself, an editable install only so
        include_path=[str(Path(capcodec.__file__).parent.parent)],
    ),
)
