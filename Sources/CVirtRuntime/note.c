/* Reads a note out of a loadable object without loading it. The file is hostile: every number in it is checked against
 * the file's size before it is used, and nothing is read that was not asked for by offset. */
#include "virt-runtime.h"

#include <elf.h>
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#if __SIZEOF_POINTER__ == 8
#define OWN_CLASS ELFCLASS64
typedef Elf64_Ehdr file_header;
typedef Elf64_Phdr program_header;
#else
#define OWN_CLASS ELFCLASS32
typedef Elf32_Ehdr file_header;
typedef Elf32_Phdr program_header;
#endif
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define OWN_ENDIAN ELFDATA2LSB
#else
#define OWN_ENDIAN ELFDATA2MSB
#endif
#if defined(__x86_64__)
#define OWN_MACHINE EM_X86_64
#elif defined(__aarch64__)
#define OWN_MACHINE EM_AARCH64
#elif defined(__riscv)
#define OWN_MACHINE EM_RISCV
#elif defined(__arm__)
#define OWN_MACHINE EM_ARM
#elif defined(__powerpc64__)
#define OWN_MACHINE EM_PPC64
#elif defined(__s390x__)
#define OWN_MACHINE EM_S390
#elif defined(__i386__)
#define OWN_MACHINE EM_386
#endif

/* More than any linker writes, few enough to look at. */
enum { most_headers = 512, most_notes = 1024, most_owner = 64 };

/* Reads exactly these bytes; false at end of file or on an error. */
static bool read_at(int descriptor, void *buffer, size_t length, uint64_t offset)
{
    char *cursor = buffer;
    while (length > 0) {
        ssize_t got = pread(descriptor, cursor, length, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        cursor += got;
        offset += (uint64_t)got;
        length -= (size_t)got;
    }
    return true;
}

/* Why this header is not of an object that could be loaded here; NULL when it is. */
static const char *header_fault(const file_header *header, uint64_t file_size)
{
    if (memcmp(header->e_ident, ELFMAG, SELFMAG) != 0)
        return "not an ELF file";
    if (header->e_ident[EI_CLASS] != OWN_CLASS)
        return "built for another word size";
    if (header->e_ident[EI_DATA] != OWN_ENDIAN)
        return "built for another byte order";
    if (header->e_ident[EI_VERSION] != EV_CURRENT || header->e_version != EV_CURRENT)
        return "of an unknown ELF version";
    if (header->e_machine != OWN_MACHINE)
        return "built for another machine";
    if (header->e_type != ET_DYN)
        return "not a shared object";
    if (header->e_phentsize != sizeof(program_header))
        return "damaged: wrong size of program headers";
    if (header->e_phnum == 0 || header->e_phnum > most_headers)
        return "damaged: implausible number of program headers";
    if (header->e_phoff > file_size || file_size - header->e_phoff < (uint64_t)header->e_phnum * sizeof(program_header))
        return "truncated: program headers lie outside the file";
    return NULL;
}

/* What is looked for. */
struct search {
    int descriptor;
    const char *owner;
    size_t owner_size; /* with its NUL */
    uint32_t type;
    void *buffer;
    size_t capacity;
    size_t *length;
    const char **reason;
};

static inline uint64_t aligned(uint64_t size, uint64_t alignment)
{
    return (size + alignment - 1) / alignment * alignment;
}

/* Walks the notes of one segment, all of which lies inside the file. */
static enum virt_note_result search_segment(const struct search *search, uint64_t offset, uint64_t size, uint64_t alignment)
{
    for (int count = 0; count < most_notes; count++) {
        uint32_t head[3]; /* owner's size, body's size, type */
        if (size < sizeof head)
            return VIRT_NOTE_NONE;
        if (!read_at(search->descriptor, head, sizeof head, offset)) {
            *search->reason = "truncated: a note lies outside the file";
            return VIRT_NOTE_BAD;
        }
        uint64_t owner = aligned(head[0], alignment), body = aligned(head[1], alignment);
        uint64_t rest = size - sizeof head;
        if (owner > rest || head[1] > rest - owner) {
            *search->reason = "damaged: a note is larger than its segment";
            return VIRT_NOTE_BAD;
        }
        if (head[2] == search->type && head[0] == search->owner_size) {
            char name[most_owner];
            if (!read_at(search->descriptor, name, search->owner_size, offset + sizeof head)) {
                *search->reason = "truncated: a note lies outside the file";
                return VIRT_NOTE_BAD;
            }
            if (memcmp(name, search->owner, search->owner_size) == 0) {
                if (head[1] > search->capacity) {
                    *search->reason = "damaged: the driver note is implausibly large";
                    return VIRT_NOTE_BAD;
                }
                if (!read_at(search->descriptor, search->buffer, head[1], offset + sizeof head + owner)) {
                    *search->reason = "truncated: the driver note lies outside the file";
                    return VIRT_NOTE_BAD;
                }
                *search->length = head[1];
                return VIRT_NOTE_FOUND;
            }
        }
        uint64_t step = sizeof head + owner + body;
        if (step >= size)
            return VIRT_NOTE_NONE;
        offset += step;
        size -= step;
    }
    return VIRT_NOTE_NONE;
}

enum virt_note_result virt_note_read(int descriptor, const char *owner, uint32_t type, void *buffer, size_t capacity,
                                     size_t *length, const char **reason)
{
    struct search search = { descriptor, owner, strlen(owner) + 1, type, buffer, capacity, length, reason };
    struct stat status;
    file_header header;
    *length = 0;
    *reason = NULL;
    if (search.owner_size > most_owner || fstat(descriptor, &status) != 0 || !S_ISREG(status.st_mode)) {
        *reason = "not a regular file";
        return VIRT_NOTE_BAD;
    }
    uint64_t file_size = status.st_size < 0 ? 0 : (uint64_t)status.st_size;
    if (file_size < sizeof header || !read_at(descriptor, &header, sizeof header, 0)) {
        *reason = "truncated: shorter than an ELF header";
        return VIRT_NOTE_BAD;
    }
    *reason = header_fault(&header, file_size);
    if (*reason != NULL)
        return VIRT_NOTE_BAD;
    for (unsigned index = 0; index < header.e_phnum; index++) {
        program_header program;
        if (!read_at(descriptor, &program, sizeof program, header.e_phoff + (uint64_t)index * sizeof program)) {
            *reason = "truncated: program headers lie outside the file";
            return VIRT_NOTE_BAD;
        }
        if (program.p_filesz == 0 || (program.p_type != PT_NOTE && program.p_type != PT_LOAD))
            continue;
        if (program.p_offset > file_size || program.p_filesz > file_size - program.p_offset) {
            *reason = "truncated: a segment lies outside the file";
            return VIRT_NOTE_BAD;
        }
        if (program.p_type != PT_NOTE)
            continue;
        enum virt_note_result result =
            search_segment(&search, program.p_offset, program.p_filesz, program.p_align == 8 ? 8 : 4);
        if (result != VIRT_NOTE_NONE)
            return result;
    }
    return VIRT_NOTE_NONE;
}
