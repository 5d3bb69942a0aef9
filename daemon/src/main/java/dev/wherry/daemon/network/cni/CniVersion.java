package dev.wherry.daemon.network.cni;

import java.util.Comparator;
import java.util.regex.Pattern;

/** A version of the specification. */
record CniVersion(int major, int minor, int patch) implements Comparable<CniVersion> {

    /** Of a configuration that names none. */
    static final CniVersion FIRST = new CniVersion(0, 1, 0);

    static final CniVersion NEWEST = new CniVersion(1, 1, 0);

    /** From here on plugins check what they made. */
    static final CniVersion CHECKS = new CniVersion(0, 4, 0);

    /** From here on plugins say whether they are ready, and collect garbage. */
    static final CniVersion REPORTS = new CniVersion(1, 1, 0);

    private static final Pattern TEXT = Pattern.compile("([0-9]{1,3})\\.([0-9]{1,3})\\.([0-9]{1,3})");

    /** @throws IllegalArgumentException when it is none */
    static CniVersion parse(String text) {
        var version = TEXT.matcher(text);
        if (!version.matches()) {
            throw new IllegalArgumentException("\"" + text + "\" is no version of CNI, such as 1.0.0");
        }
        return new CniVersion(
                Integer.parseInt(version.group(1)),
                Integer.parseInt(version.group(2)),
                Integer.parseInt(version.group(3)));
    }

    boolean isFrom(CniVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(CniVersion other) {
        return Comparator.comparingInt(CniVersion::major)
                .thenComparingInt(CniVersion::minor)
                .thenComparingInt(CniVersion::patch)
                .compare(this, other);
    }

    @Override
    public String toString() {
        return major + "." + minor + "." + patch;
    }
}
