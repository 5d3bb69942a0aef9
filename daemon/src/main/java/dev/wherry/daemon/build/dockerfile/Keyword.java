package dev.wherry.daemon.build.dockerfile;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The instructions of the language and the flags each of them has. */
enum Keyword {
    ADD(List.of("chown", "chmod", "link"), List.of("checksum", "exclude", "keep-git-dir", "unpack")),
    ARG,
    CMD,
    COPY(List.of("from", "chown", "chmod", "link"), List.of("exclude", "parents")),
    ENTRYPOINT,
    ENV,
    EXPOSE,
    FROM(List.of("platform"), List.of()),
    HEALTHCHECK,
    LABEL,
    MAINTAINER,
    ONBUILD,
    RUN(List.of(), List.of("device", "mount", "network", "security")),
    SHELL,
    STOPSIGNAL,
    USER,
    VOLUME,
    WORKDIR;

    private final List<String> flags;
    private final List<String> unsupportedFlags;

    Keyword() {
        this(List.of(), List.of());
    }

    Keyword(List<String> flags, List<String> unsupportedFlags) {
        this.flags = flags;
        this.unsupportedFlags = unsupportedFlags;
    }

    /** Keywords are written in any case. */
    static Optional<Keyword> of(String text) {
        String wanted = text.toUpperCase(Locale.ROOT);
        return Arrays.stream(values()).filter(k -> k.name().equals(wanted)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Keyword::name).toList();
    }

    boolean isSupported() {
        return this != HEALTHCHECK && this != ONBUILD;
    }

    /** Flags that are read, by name without dashes. */
    List<String> flags() {
        return flags;
    }

    /** Flags of the language that are refused. */
    List<String> unsupportedFlags() {
        return unsupportedFlags;
    }
}
