package dev.wherry.daemon.builder.dockerfile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The instructions of the language and the flags each of them has. */
enum Keyword {
    ADD(
            Flag.one("chown"),
            Flag.one("chmod"),
            Flag.one("checksum"),
            Flag.many("exclude"),
            Flag.yes("link"),
            Flag.yes("keep-git-dir"),
            Flag.yes("unpack")),
    ARG,
    CMD,
    COPY(
            Flag.one("from"),
            Flag.one("chown"),
            Flag.one("chmod"),
            Flag.many("exclude"),
            Flag.yes("link"),
            Flag.yes("parents")),
    ENTRYPOINT,
    ENV,
    EXPOSE,
    FROM(Flag.one("platform")),
    HEALTHCHECK(
            Flag.one("interval"),
            Flag.one("timeout"),
            Flag.one("start-period"),
            Flag.one("start-interval"),
            Flag.one("retries")),
    LABEL,
    MAINTAINER,
    ONBUILD,
    RUN(Flag.many("mount"), Flag.many("device"), Flag.one("network"), Flag.one("security")),
    SHELL,
    STOPSIGNAL,
    USER,
    VOLUME,
    WORKDIR;

    /** How often a flag may be given, and whether it has a value. */
    enum Kind {
        ONE,
        MANY,
        YES_OR_NO
    }

    /** @param name without dashes */
    record Flag(String name, Kind kind) {
        static Flag one(String name) {
            return new Flag(name, Kind.ONE);
        }

        static Flag many(String name) {
            return new Flag(name, Kind.MANY);
        }

        static Flag yes(String name) {
            return new Flag(name, Kind.YES_OR_NO);
        }
    }

    private final List<Flag> flags;

    Keyword(Flag... flags) {
        this.flags = List.of(flags);
    }

    /** Keywords are written in any case. */
    static Optional<Keyword> of(String text) {
        String wanted = text.toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(k -> k.name().equals(wanted)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Keyword::name).toList();
    }

    Optional<Flag> flag(String name) {
        return flags.stream().filter(flag -> flag.name().equals(name)).findFirst();
    }

    List<String> flagNames() {
        return flags.stream().map(Flag::name).toList();
    }
}
