/*
 * netsh.exe and fltmc.exe for the tests of the batch file: what they are run with is written down, and rules are kept in
 * a file, one line each: the context and the name. netsh answers in German, so that nothing depends on English.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

#define MOST 200
#define LENGTH 300

static char kept[MOST][LENGTH];
static int count;

static void read_rules(const char *path)
{
    FILE *file = fopen(path, "rb");

    while (file && count < MOST && fgets(kept[count], LENGTH, file)) {
        kept[count][strcspn(kept[count], "\n")] = 0;
        count++;
    }
    if (file)
        fclose(file);
}

static void write_rules(const char *path, const char *without)
{
    FILE *file = fopen(path, "wb");

    for (int each = 0; file && each < count; each++)
        if (strcmp(kept[each], without))
            fprintf(file, "%s\n", kept[each]);
    if (file)
        fclose(file);
}

int main(int argc, char **argv)
{
    const char *rules = getenv("RULES"), *log = getenv("LOG"), *refused = getenv("REFUSED");
    char rule[LENGTH];
    int found = 0;
    FILE *file = log ? fopen(log, "ab") : NULL;

    if (!rules || !file)
        return 99;
    fprintf(file, "%s\n", GetCommandLineA());
    fclose(file);
    if (argc == 1)
        return getenv("NOT_ELEVATED") ? 1 : 0; /* fltmc */
    if (argc < 6 || strncmp(argv[5], "name=", 5))
        return 99;
    snprintf(rule, sizeof rule, "%s %s", argv[2], argv[5] + 5);
    read_rules(rules);
    for (int each = 0; each < count; each++)
        found |= !strcmp(kept[each], rule);
    if (!strcmp(argv[3], "add")) {
        if (refused && !strcmp(refused, rule)) {
            puts("Angeforderter Vorgang fehlgeschlagen.");
            return 1;
        }
        snprintf(kept[count++], LENGTH, "%s", rule);
        write_rules(rules, "");
    } else if (!found) {
        puts("Es stimmen keine Regeln mit den angegebenen Kriterien ueberein.");
        return 1;
    } else if (!strcmp(argv[3], "delete")) {
        write_rules(rules, rule);
    } else {
        printf("\nRegelname:                            %s\n", argv[5] + 5);
    }
    puts("OK.");
    return 0;
}
