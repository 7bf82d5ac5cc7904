#ifndef CMALLOC_SHIM_H
#define CMALLOC_SHIM_H

/* What glibc's allocator can be told, which its Swift module leaves out. */
#include <malloc.h>

#endif
