// openapi.yaml as it was when the program was compiled.
#ifndef CCONTRACT_H
#define CCONTRACT_H

#include <stddef.h>

// The text in UTF-8; it lasts as long as the program.
const void *_Nonnull ccontract_text(void);
size_t ccontract_size(void);

#endif
