"""The releases of virglrenderer: what their tags say, and no other fact of this package implies. Data only.

A new release is one row here: what it brought, the marks and the formats tell by its name.
"""

from __future__ import annotations

# Name; date of the tag's commit; host_feature_check_version that its hosts send, 0 for none; VIRGL_FORMAT_MAX
RELEASES = (
    ("0.2.0", "2015-10-23", 0, 236),
    ("0.4.0", "2016-02-17", 0, 236),
    ("0.5.0", "2016-04-11", 0, 236),
    ("0.6.0", "2017-02-10", 0, 236),
    ("0.7.0", "2018-09-19", 0, 312),
    ("0.8.0", "2019-08-28", 3, 313),
    ("0.8.1", "2019-12-20", 3, 313),
    ("0.8.2", "2020-02-12", 3, 313),
    ("0.9.0", "2021-04-01", 4, 313),
    ("0.9.1", "2021-04-20", 4, 313),
    ("0.10.0", "2022-09-02", 12, 317),
    ("0.10.1", "2022-09-06", 12, 317),
    ("0.10.3", "2022-09-19", 13, 322),
    ("0.10.4", "2023-01-02", 15, 322),
    ("1.0.0", "2023-09-18", 19, 323),
    ("1.0.1", "2024-01-08", 21, 443),
    ("1.1.0", "2024-09-10", 22, 443),
    ("1.1.1", "2025-04-02", 23, 455),
    ("1.2.0", "2025-09-08", 23, 481),
    ("1.3.0", "2026-02-10", 23, 481),
)
