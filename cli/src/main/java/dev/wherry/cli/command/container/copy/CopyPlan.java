package dev.wherry.cli.command.container.copy;

import dev.wherry.cli.error.Failure;

/**
 * Where the entries of a copied archive go: the directory, and the name of the copied file in it. The rules are docker's.
 *
 * @param folder where the archive is unpacked
 * @param from the first component of the entries' names
 * @param to what it becomes
 */
record CopyPlan(String folder, String from, String to) {

    /**
     * What is copied.
     *
     * @param entry the name that its archive has it under
     */
    record Source(String entry, boolean isFolder) {}

    /** Where it is to go. */
    record Destination(CopyPath path, boolean exists, boolean isFolder) {}

    /**
     * @param rename the name that the source is to keep though it lies under another one; empty for none
     * @throws Failure when the two do not fit
     */
    static CopyPlan of(Source source, String rename, Destination destination) {
        String name = rename.isEmpty() ? source.entry() : rename;
        if (destination.exists() && destination.isFolder()) {
            return new CopyPlan(destination.path().text(), source.entry(), name);
        }
        if (destination.exists() && source.isFolder()) {
            throw new Failure("cannot copy directory");
        }
        if (!destination.exists() && !source.isFolder() && destination.path().assertsFolder()) {
            throw new Failure("no such directory");
        }
        return new CopyPlan(
                destination.path().folder(), source.entry(), destination.path().base());
    }
}
