#include "CContract.h"

// The C compiler takes a file in as it is; SwiftPM's own way makes a list of numbers of it, which compiles for half a minute.
#pragma clang diagnostic ignored "-Wc23-extensions"
static const unsigned char text[] = {
#embed "openapi.yaml"
};

const void *ccontract_text(void) { return text; }
size_t ccontract_size(void) { return sizeof text; }
