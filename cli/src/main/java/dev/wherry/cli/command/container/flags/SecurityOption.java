package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.cli.view.template.JsonValues;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A value of {@code --security-opt} as it is sent: a file with a seccomp profile is read here, where the user is. */
final class SecurityOption {
    /** Profiles have some ten thousand characters; a larger file is none. */
    private static final long LARGEST_PROFILE = 4 << 20;

    private SecurityOption() {}

    /** @throws Failure when the option is malformed, or its file cannot be read */
    static String resolved(String given) {
        int separator = given.indexOf('=') >= 0 ? given.indexOf('=') : given.indexOf(':');
        if (separator < 0) {
            if (given.equals("no-new-privileges")) {
                return given;
            }
            throw new Failure("Invalid --security-opt: \"" + given + "\"", ExitStatus.NOT_STARTED);
        }
        String name = given.substring(0, separator);
        String value = given.substring(separator + 1);
        boolean file = name.equals("seccomp") && !value.equals("unconfined") && !value.equals("builtin");
        return name + "=" + (file ? profile(value) : value);
    }

    private static String profile(String file) {
        try {
            if (Files.size(Path.of(file)) > LARGEST_PROFILE) {
                throw new Failure("seccomp profile (" + file + ") is too large to be one", ExitStatus.NOT_STARTED);
            }
            return JsonValues.compact(JsonValues.parse(Files.readString(Path.of(file), StandardCharsets.UTF_8)));
        } catch (NoSuchFileException e) {
            throw failure("opening seccomp profile (" + file + ") failed: no such file", e);
        } catch (IOException e) {
            throw failure("opening seccomp profile (" + file + ") failed: it cannot be read as text", e);
        } catch (IllegalArgumentException e) {
            throw failure("seccomp profile (" + file + ") is not JSON", e);
        }
    }

    private static Failure failure(String sentence, Exception cause) {
        return new Failure(sentence, ExitStatus.NOT_STARTED, cause);
    }
}
