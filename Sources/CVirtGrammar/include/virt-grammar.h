/* What may stand in documents, as readers need it: constant tables without pointers, made from the grammar of documents. */
#pragma once
#include <stdint.h>

/* A number as readers take it. */
struct virt_grammar_reading {
    int64_t least;
    uint64_t most;
    /* 0 for what the number's prefix says. */
    uint8_t base;
    /* Digits at least when it is written in base 16; 0 when it is written in base 10. */
    uint8_t digits;
};

/* An error: a code and a domain. */
struct virt_grammar_refusal {
    uint16_t code;
    uint16_t domain;
};

/* A text among all texts. */
struct virt_grammar_word {
    uint16_t place;
    /* Its length, and its first letter in the upper byte. */
    uint16_t key;
};

/* What a value may be: anything, where there are no words and no number. Rule 0 is about values that may be anything. */
struct virt_grammar_rule {
    /* Words that it may be. */
    uint16_t words;
    uint16_t word_count;
    /* A number that it may be; 0 for none. */
    uint8_t reading;
    uint8_t refusal;
    /* Whether an empty one counts as none. */
    uint8_t takes_empty;
};

/* An attribute, or an element. */
struct virt_grammar_part {
    struct virt_grammar_word name;
    /* What is checked: an attribute's rule, the content of an element. With alternatives, the first of these. */
    uint16_t target;
    /* The content by which an element is put in order: it has the parts of all variants. */
    uint16_t order;
    /* The error when it is not there, above 0. */
    uint8_t missing;
    /* How many targets there are, each for some variants; 0 for one for all. */
    uint8_t alternatives;
    /* The cases in which an element stands in this place, above 0 when there is another one for its name. */
    uint8_t standing;
    /* Whether any number of it may stand; else the first counts. */
    uint8_t is_many;
    /* The error when an element stands twice; 0 for none. */
    uint8_t doubled;
};

/* What a part is in some variants. */
struct virt_grammar_alternative {
    /* The cases in which it is this, a bit for each; it is so in any of them. */
    uint64_t cases;
    uint16_t target;
};

/* Which cases a word leaves. */
struct virt_grammar_choice {
    struct virt_grammar_word word;
    uint64_t cases;
};

/* An attribute that chooses the variant of an element. */
struct virt_grammar_selector {
    struct virt_grammar_word name;
    /* The words that matter. */
    uint16_t choices;
    uint8_t choice_count;
    /* Whether it is one of the element around. */
    uint8_t is_outer;
    /* The cases that are left when it is not there, and when it is another word. */
    uint64_t missing;
    uint64_t other;
};

/* What stands in an element, in the order in which it is written. Content 0 is about what may be anything. */
struct virt_grammar_content {
    /* The first part: attributes, then elements. */
    uint16_t parts;
    uint8_t attribute_count;
    uint8_t element_count;
    uint16_t text;
    /* Whether elements stay in the order in which they were read. */
    uint8_t is_mixed;
    /* The error when an element stands in it that is not among its parts; 0 for none. */
    uint8_t unknown;
    /* Parts that must be there, a bit for each of the first 64. */
    uint64_t needed;
    /* What chooses the variant. */
    uint16_t selectors;
    uint8_t selector_count;
    /* How many cases of variants matter, and what is needed in each besides. */
    uint8_t case_count;
    uint16_t case_needs;
};

#pragma GCC visibility push(hidden)
extern const struct virt_grammar_reading virt_grammar_readings[];
extern const struct virt_grammar_refusal virt_grammar_refusals[];
extern const struct virt_grammar_word virt_grammar_words[];
extern const struct virt_grammar_rule virt_grammar_rules[];
extern const struct virt_grammar_part virt_grammar_parts[];
extern const struct virt_grammar_alternative virt_grammar_alternatives[];
extern const struct virt_grammar_choice virt_grammar_choices[];
extern const struct virt_grammar_selector virt_grammar_selectors[];
extern const struct virt_grammar_content virt_grammar_contents[];
extern const uint64_t virt_grammar_needs[];
extern const uint64_t virt_grammar_standing[];
extern const char virt_grammar_text[];
#pragma GCC visibility pop

/* What the tables have at a place. */
static inline const struct virt_grammar_reading *virt_grammar_reading(uint8_t place) { return &virt_grammar_readings[place]; }
static inline const struct virt_grammar_refusal *virt_grammar_refusal(uint8_t place) { return &virt_grammar_refusals[place]; }
static inline const struct virt_grammar_word *virt_grammar_word(uint16_t place) { return &virt_grammar_words[place]; }
static inline const struct virt_grammar_rule *virt_grammar_rule(uint16_t place) { return &virt_grammar_rules[place]; }
static inline const struct virt_grammar_part *virt_grammar_part(uint16_t place) { return &virt_grammar_parts[place]; }
static inline const struct virt_grammar_alternative *virt_grammar_alternative(uint16_t place) { return &virt_grammar_alternatives[place]; }
static inline const struct virt_grammar_choice *virt_grammar_choice(uint16_t place) { return &virt_grammar_choices[place]; }
static inline const struct virt_grammar_selector *virt_grammar_selector(uint16_t place) { return &virt_grammar_selectors[place]; }
static inline const uint64_t *virt_grammar_need(uint16_t place) { return &virt_grammar_needs[place]; }
static inline uint64_t virt_grammar_stands(uint8_t place) { return virt_grammar_standing[place]; }
static inline const struct virt_grammar_content *virt_grammar_content(uint16_t place) { return &virt_grammar_contents[place]; }
static inline const uint8_t *virt_grammar_bytes(uint16_t place) { return (const uint8_t *)virt_grammar_text + place; }
