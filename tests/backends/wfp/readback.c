/*
 * Reads objects of the Windows Filtering Platform out of a file, as a Windows program sees them, and prints one line of
 * JSON for each.
 *
 * The file: for each object five numbers of 32 bits (kind, bytes of memory, offset of the object, number of pointers,
 * version of its structures), then the offset of each pointer, then the memory. A pointer holds the offset of what it
 * points to; here it becomes an address.
 */

#include "objects_as_json.h"

static UINT32 head[5];

static void *part(FILE *file, size_t size)
{
    void *memory = calloc(1, size + 1);

    if (memory == NULL || fread(memory, 1, size, file) != size)
        exit(2);
    return memory;
}

int main(int count, char **arguments)
{
    FILE *file = count == 2 ? fopen(arguments[1], "rb") : NULL;

    if (file == NULL)
        return 1;
    json_output = stdout;
    while (fread(head, sizeof(head), 1, file) == 1) {
        UINT32 *pointers = part(file, head[3] * sizeof(UINT32));
        UINT8 *memory = part(file, head[1]);

        for (UINT32 at = 0; at < head[3]; at++)
            *(UINT64 *)(memory + pointers[at]) += (UINT64)(ULONG_PTR)memory;
        version = head[4];
        print(head[0], memory + head[2]);
        free(pointers);
        free(memory);
    }
    return fclose(file);
}
