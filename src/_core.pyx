# cython: language_level=3, initializedcheck=False, cdivision=True
# cython: binding=False, always_allow_keywords=False, embedsignature=True, embedsignature.format=clinic
# cython: freethreading_compatible=True
"""The core: classes whose instances are the bytes of a struct, and the copies between them.

This module turns the rows of a layout into C-level classes and knows nothing of any capset. The bytes themselves are
handled by the C headers beside it, which know no Python; here is only what makes objects of them.

Two directives above are for speed: ``binding=False`` saves 2 ns a call over Python-function look-alikes, and without
``always_allow_keywords`` a function of one argument is called without an argument array.
"""

cimport cython
from cpython.buffer cimport (
    PyBUF_FORMAT, PyBUF_ND, PyBUF_SIMPLE, PyBUF_STRIDES, PyBUF_WRITABLE, PyBuffer_FillInfo, PyBuffer_Release,
    PyObject_GetBuffer,
)
from cpython.bytearray cimport PyByteArray_AS_STRING, PyByteArray_CheckExact, PyByteArray_GET_SIZE
from cpython.bytes cimport PyBytes_AS_STRING, PyBytes_CheckExact, PyBytes_GET_SIZE
from cpython.dict cimport PyDict_Check, PyDict_Size
from cpython.float cimport PyFloat_AS_DOUBLE, PyFloat_AsDouble, PyFloat_Check
from cpython.long cimport PyLong_Check
from cpython.mem cimport PyMem_Calloc, PyMem_Free, PyMem_Malloc
from cpython.object cimport PyObject, PyTypeObject, destructor
from libc.stdint cimport UINT64_MAX
from libc.string cimport memcmp, memcpy, memmove, memset

from sys import intern

from capcodec import errors
from capcodec.structs import columns, field_errors

include "buffers.pxi"
include "ints.pxi"
include "objects.pxi"
include "values.pxi"
include "arrays.pxi"
include "dicts.pxi"
include "classes.pxi"
include "batch.pxi"
include "capi.pxi"
