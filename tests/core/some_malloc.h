/* Memory that is counted, and runs out. */
#include <stdlib.h>

static int live, fail_at = -1; /* allocations that are not freed; the one that fails, counted down */
static void *some_malloc(size_t size)
{
    if (fail_at >= 0 && !fail_at--)
        return NULL;
    live++;
    return malloc(size);
}
static void some_free(void *memory)
{
    live -= memory != NULL;
    free(memory);
}
#define cc_arrow_malloc some_malloc
#define cc_arrow_free some_free
