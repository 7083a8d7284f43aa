"""The extension and its switches; all else is in pyproject.toml."""

import os
import re
import shutil
import sysconfig
from glob import glob
from pathlib import Path

from Cython.Build import cythonize
from setuptools import Extension, setup
from setuptools.command.build_py import build_py

# gcc inlines copies whose size it knows as `rep movsq`, which is four times slower than the library's memcpy; see
# src/cc_copy.h for the other half of the cure.
#
# -O3 and what Cython or gcc inlines by itself would make the library half as large again, and no faster.
compile_args = ["-O2", "-Wall", "-Wextra", "-Wno-unused", "-Wno-missing-field-initializers"]
compile_args += ["-fno-inline-functions", "-fno-plt", "-fno-align-functions"]
OF_GCC = ["-fno-inline-small-functions", "-freorder-blocks-algorithm=simple", "-fno-reorder-blocks-and-partition"]
OF_GCC += ["-fno-align-jumps", "-fno-align-labels", "-fno-align-loops", "-fno-schedule-insns2"]
OF_GCC += ["-fno-caller-saves", "-fno-tree-dominator-opts", "-fno-tree-ch", "-fno-partial-inlining", "-fira-region=one"]
compile_args += ["-DCYTHON_INLINE=__attribute__((unused))"]
compile_args += ["-DCYTHON_CLINE_IN_TRACEBACK=0", "-DCYTHON_FAST_THREAD_STATE=0", "-DCYTHON_UNPACK_METHODS=0"]
compile_args += ["-DCYTHON_USE_PYLIST_INTERNALS=0", "-DCYTHON_USE_PYLONG_INTERNALS=0", "-DCYTHON_VECTORCALL=0"]
compile_args += ["-DCYTHON_USE_UNICODE_INTERNALS=0", "-DCYTHON_USE_DICT_VERSIONS=0", "-DCYTHON_USE_TP_FINALIZE=0"]
compile_args += ["-DCYTHON_COMPRESS_STRINGS=0"]  # a wheel is compressed itself, and better
link_args = []
if os.environ.get("CAPCODEC_SANITIZE"):
    flags = ["-fsanitize=address,undefined", "-fno-sanitize-recover=undefined", "-fno-omit-frame-pointer", "-g"]
    compile_args += flags
    link_args += flags
elif os.environ.get("CAPCODEC_LINES"):  # for tools that tell of lines, and compile again what changed: tests/fuzz
    compile_args += ["-O1", "-g"]
else:  # debug information would be six parts in seven of the wheel
    compile_args += ["-g0", "-fno-asynchronous-unwind-tables"]
    if "clang" not in (os.environ.get("CC") or sysconfig.get_config_var("CC") or "clang"):
        # Each module has helpers of Cython of its own: of equal ones the linker keeps one, which saves a tenth of the
        # library. clang would need a plugin that few have.
        compile_args += [*OF_GCC, "-flto=auto"]
        link_args += ["-flto=auto"]
    link_args += ["-Wl,-s", "-Wl,--build-id=none", "-Wl,--hash-style=gnu"]

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
    "auto_pickle": False,
    "autotestdict": False,
}


class BuildWithHeaders(build_py):
    """Puts the core's C headers into the package, for code that cimports it; an editable install has them in src/."""

    def run(self):
        """Build, then copy the headers."""
        super().run()
        if not self.editable_mode:
            include = os.path.join(self.build_lib, "capcodec", "include")
            os.makedirs(include, exist_ok=True)
            for header in ("cc_copy.h", "cc_field.h", "cc_row.h", "cc_stream.h"):
                shutil.copy(f"src/{header}", include)


# Functions that run once, for a whole batch, or before an error, as they begin in generated C: those are made small
COLD = "|".join(
    (
        "__pyx_(pymod_(create|exec)|tp_new)_",
        "__Pyx_+(Init|Create|modinit|Import|Export|SetVtable|copy_spec|PyType_Ready|AddTraceback|Raise|GetException)",
        "__Pyx_+(Ignore|ParseKeywords|PyErr|ArgTypeTest|PyLong_As|Get(ModuleGlobal|Builtin)|(Call(Tp)?New))",
        "__Pyx_+(PyUnicode_(Join|Build|Concat|From)|PyObject_(CallMethO|FastCallDict|GetAttrStrNoError))",
        r"__pyx_f_\w+_(fill_|refuse|complain|wrong|located|odd_number|check_|got_at|\w+_rarer|store_huge)",
        r"__pyx_pw_\w+(__repr__|__reduce__|new_class)\(",
        r"__pyx_\w+_classes_(codec_of|row_at|\w+(guest_defaults|zeros|has_field|_refuse_subclass))",
        r"__pyx_\w+_bulk_(?!\w*(copy_many_call|pin|elements|records?|held|place_of|subscript|iter|gather_some|swap))",
        r"__pyx_\w+_(fields_5Array_\w*(set|eq_|getbuffer|bits|tolist|field|items)|json_write_\d+(dumps|plain_float))",
    )
)
TUNING = (
    # Errors leave the core as they leave Python's own C code: without frames of functions of which nobody who installs
    # a wheel has the source. What is wrong, and where in a struct, the message says. CAPCODEC_LINES keeps the frames.
    # Those that Cython makes for `except` are indented more: it needs them.
    (r"^  __Pyx_AddTraceback\(.*\);\n", ""),
    (r"^static CYTHON_INLINE (?=.*\b__pyx_f_)", "static __inline__ __attribute__((always_inline)) "),
    (rf"^static (?!CYTHON)(?=[^=;{{]*\b({COLD}))", "static __attribute__((cold)) "),
)


def tuned(path):
    """Tell the compiler what Cython does not: our own inline functions are always inlined, and which ones are cold."""
    text = Path(path).read_text()
    for pattern, new in TUNING:
        text = re.sub(pattern, new, text, flags=re.MULTILINE)
    Path(path).write_text(text)
    return path


def extension(name, sources):
    """An extension of these sources."""
    return Extension(
        f"capcodec.structs.{name}",
        sources,
        include_dirs=["src"],
        depends=glob("src/cc_*.h"),
        extra_compile_args=compile_args,
        extra_link_args=link_args,
    )


modules = cythonize(
    [extension(name, [f"src/{name}.pyx"]) for name in MODULES],
    compiler_directives=DIRECTIVES,
    annotate=bool(os.environ.get("CAPCODEC_ANNOTATE")),
    build_dir="build",
)
if not os.environ.get("CAPCODEC_LINES"):
    # All in one library, which is a quarter smaller than eight. capcodec/structs/__init__.py finds them there.
    modules = [extension("_core", [tuned(source) for module in modules for source in module.sources])]

setup(cmdclass={"build_py": BuildWithHeaders}, ext_modules=modules)
