package dev.wherry.daemon.runtime.security;

import dev.wherry.daemon.error.ExitCode;
import dev.wherry.daemon.error.HostException;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.StartException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The AppArmor of the host: which profile a container gets. One that is not privileged and names none gets
 * {@code wherry-default}, whose text is a resource here and which {@link #loadDefault} gives to the kernel. Where the
 * kernel has no AppArmor, or nothing can load profiles, there is none.
 */
public final class AppArmor {

    /** Name of the profile of containers that name none. */
    public static final String DEFAULT = "wherry-default";

    private static final String UNCONFINED = "unconfined";
    private static final String PARSER = "apparmor_parser";

    /** Read when an executable is built, so that it is part of it. */
    private static final String TEXT = read();

    private static final AppArmor HOST =
            new AppArmor(Path.of("/sys"), List.of(Path.of("/usr/sbin"), Path.of("/sbin"), Path.of("/usr/bin")));

    private final Path enabled;
    private final Path profiles;
    private final List<Path> programs;

    AppArmor(Path sys, List<Path> programs) {
        this.enabled = sys.resolve("module/apparmor/parameters/enabled");
        this.profiles = sys.resolve("kernel/security/apparmor/profiles");
        this.programs = programs;
    }

    /** The one of this host. */
    public static AppArmor host() {
        return HOST;
    }

    /** Whether the kernel confines programs by profiles. */
    public boolean isEnabled() {
        try {
            return Files.readString(enabled).startsWith("Y");
        } catch (IOException absent) {
            return false;
        }
    }

    /** Whether containers can have the default profile. */
    public boolean hasDefault() {
        return isEnabled() && isLoaded(DEFAULT);
    }

    /**
     * The profile a container is started with.
     *
     * @param named what was asked for
     * @param open whether nothing is kept from the container
     * @return empty for none
     * @throws StartException when a profile was asked for that is not loaded
     */
    public Optional<String> profile(Optional<String> named, boolean open) {
        if (named.isEmpty()) {
            return open || !hasDefault() ? Optional.empty() : Optional.of(DEFAULT);
        }
        String name = named.get();
        if (name.equals(UNCONFINED)) {
            return Optional.empty();
        }
        if (isMissing(name)) {
            throw new StartException(ExitCode.RUNTIME_FAILED, missing(name));
        }
        return named;
    }

    /**
     * Checks a profile before anything is made that would be started with it.
     *
     * @throws InvalidInputException when there is no such profile
     */
    public void requireLoaded(String name) {
        if (isEnabled() && isMissing(name)) {
            throw new InvalidInputException(missing(name));
        }
    }

    private boolean isMissing(String name) {
        // Names with a colon are of another namespace, whose profiles are not listed.
        return !name.contains(":") && canList() && !isLoaded(name);
    }

    private static String missing(String name) {
        return "the AppArmor profile \"" + name + "\" is not loaded on the daemon's host: load it with " + PARSER
                + ", or name another in the security option apparmor";
    }

    /** The profile as {@code inspect} names it: empty where there is no AppArmor. */
    public String describe(Optional<String> named, boolean open) {
        if (!isEnabled()) {
            return "";
        }
        return named.orElse(open || !isLoaded(DEFAULT) ? UNCONFINED : DEFAULT);
    }

    private boolean canList() {
        return Files.isReadable(profiles);
    }

    /** Whether the kernel has a profile of that name. */
    private boolean isLoaded(String name) {
        try (Stream<String> lines = Files.lines(profiles)) {
            return lines.anyMatch(line -> line.startsWith(name + " ("));
        } catch (IOException | UncheckedIOException absent) {
            return false;
        }
    }

    /**
     * Gives the default profile to the kernel, unless this text of it was given since the host booted.
     *
     * @param mark a file that a reboot removes, which holds the text last given
     * @throws HostException when the profile is not taken
     */
    public void loadDefault(Path mark) {
        if (!isEnabled()) {
            return;
        }
        Optional<Path> parser = programs.stream()
                .map(folder -> folder.resolve(PARSER))
                .filter(Files::isExecutable)
                .findFirst();
        if (parser.isEmpty()) {
            return;
        }
        try {
            if (isLoaded(DEFAULT)
                    && Files.exists(mark)
                    && Files.readString(mark).equals(TEXT)) {
                return;
            }
            load(parser.get(), TEXT);
            Files.writeString(mark, TEXT);
        } catch (IOException failure) {
            throw new HostException(
                    "cannot load the AppArmor profile " + DEFAULT + ": " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new HostException("interrupted while the AppArmor profile " + DEFAULT + " was loaded", interrupted);
        }
    }

    private static void load(Path parser, String text) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(parser.toString(), "--replace", "--skip-cache")
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = process.getOutputStream()) {
            in.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException ended) {
            // It has not read all of it: what it says, and its exit status, tell why.
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(
                    PARSER + ": " + said.strip().lines().findFirst().orElse("ended with an error"));
        }
    }

    static String text() {
        return TEXT;
    }

    private static String read() {
        try (InputStream in = AppArmor.class.getResourceAsStream("apparmor-default")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
