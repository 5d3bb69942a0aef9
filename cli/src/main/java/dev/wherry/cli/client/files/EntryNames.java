package dev.wherry.cli.client.files;

/** Renames the root of an archive: the first component of the names of all entries. */
public record EntryNames(String from, String to) {

    /** The name of an entry, or of what a hard link leads to, as it is to be. */
    String renamed(String name) {
        if (from.equals(to)) {
            return name;
        }
        if (from.equals("/")) {
            return to + (name.startsWith("/") ? name : "/" + name);
        }
        boolean matches = name.equals(from) || name.startsWith(from + "/");
        return matches ? to + name.substring(from.length()) : name;
    }
}
