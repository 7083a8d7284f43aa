from capcodec.structs._classes cimport bytes_of, row_at, unpack_bytes
from capcodec.structs._headers cimport (
    CC_BIT, CC_CHARS, CC_F32, CC_F64, CC_S8, CC_S16, CC_S32, CC_S64, CC_SBITS, CC_STRUCT, CC_U8, CC_U16, CC_U32,
    CC_U64, CC_UBITS, cc_load_f32, cc_load_f64, cc_load_signed, cc_load_unsigned, cc_min_copy, cc_min_copy_many, cc_op,
    cc_records, cc_row, cc_store_f32, cc_store_f64, cc_store_integer, cc_stride,
)
