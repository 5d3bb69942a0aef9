package dev.wherry.daemon.image;

import dev.wherry.daemon.content.Digest;
import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.registry.RepositoryName;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Names an image in a registry, as distribution/reference defines it: {@code [host[:port]/]path[:tag][@digest]}.
 *
 * <p>A value is always normalized: {@code node} is {@code docker.io/library/node:latest}, and it is stored and compared
 * so whatever the daemon's default registry is. That setting only says where the names of {@code docker.io} are fetched
 * from. So an image that was imported, built or pulled as {@code node} is found by {@code FROM node} and listed as
 * {@code node} before and after the setting changes.
 *
 * @param registry host and port
 * @param repository path within the registry
 * @param tag empty only where there is a digest
 * @param digest of the manifest or index; where present, it alone decides which image is meant
 */
public record Reference(String registry, String repository, Optional<String> tag, Optional<Digest> digest)
        implements Comparable<Reference> {

    /** The registry of names that begin with none. */
    public static final String DEFAULT_REGISTRY = "docker.io";

    private static final String OFFICIAL = "library/";
    private static final String DEFAULT_TAG = "latest";
    private static final int MAX_REPOSITORY = 255;
    private static final int MAX_PORT = 65_535;

    private static final String LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
    private static final Pattern HOST =
            Pattern.compile("(?:" + LABEL + "(?:\\." + LABEL + ")*|\\[[a-fA-F0-9:]+])(?::[0-9]{1,5})?");
    private static final String WORD = "[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*+";
    private static final Pattern PATH = Pattern.compile(WORD + "(?:/" + WORD + ")*+");
    private static final Pattern TAG = Pattern.compile("[\\w][\\w.-]{0,127}");
    private static final Pattern IMAGE_ID = Pattern.compile("[0-9a-f]{64}");

    public Reference {
        String name = registry + "/" + repository;
        if (!HOST.matcher(registry).matches() || port(registry) > MAX_PORT) {
            throw new InvalidInputException("invalid reference \"" + name + "\": \"" + registry + "\" is not a host");
        }
        if (repository.length() > MAX_REPOSITORY) {
            throw new InvalidInputException("invalid reference \"" + repository.substring(0, 40)
                    + "…\": a repository name has at most " + MAX_REPOSITORY + " characters");
        }
        if (!PATH.matcher(repository).matches()) {
            String reason = PATH.matcher(repository.toLowerCase(Locale.ROOT)).matches()
                    ? "a repository name must be lower case"
                    : "\"" + repository + "\" is not a repository name";
            throw new InvalidInputException("invalid reference \"" + name + "\": " + reason);
        }
        tag.filter(text -> !TAG.matcher(text).matches()).ifPresent(text -> {
            throw new InvalidInputException("invalid reference \"" + name + ":" + text
                    + "\": a tag is up to 128 letters, digits, \"_\", \".\" or \"-\", and begins with none of the"
                    + " last two");
        });
        if (tag.isEmpty() && digest.isEmpty()) {
            tag = Optional.of(DEFAULT_TAG);
        }
    }

    /** @throws InvalidInputException when the text is no reference */
    public static Reference parse(String text) {
        if (text.isBlank()) {
            throw new InvalidInputException("invalid reference: it is empty");
        }
        if (IMAGE_ID.matcher(text).matches()) {
            throw new InvalidInputException(
                    "invalid reference \"" + text + "\": 64 hexadecimal digits are an image ID");
        }
        String rest = text;
        Optional<Digest> digest = Optional.empty();
        int at = rest.indexOf('@');
        if (at >= 0) {
            digest = Optional.of(digest(text, rest.substring(at + 1)));
            rest = rest.substring(0, at);
        }
        Optional<String> tag = Optional.empty();
        int colon = rest.lastIndexOf(':');
        if (colon > rest.lastIndexOf('/')) {
            tag = Optional.of(rest.substring(colon + 1));
            rest = rest.substring(0, colon);
        }
        int slash = rest.indexOf('/');
        boolean qualified = slash > 0 && isHost(rest.substring(0, slash));
        String registry = qualified ? rest.substring(0, slash) : DEFAULT_REGISTRY;
        String repository = qualified ? rest.substring(slash + 1) : rest;
        if (registry.equals("index.docker.io")) {
            registry = DEFAULT_REGISTRY;
        }
        if (registry.equals(DEFAULT_REGISTRY) && !repository.contains("/")) {
            repository = OFFICIAL + repository;
        }
        return new Reference(registry, repository, tag, digest);
    }

    private static Digest digest(String text, String digest) {
        try {
            return Digest.parse(digest);
        } catch (InvalidInputException cause) {
            throw new InvalidInputException("invalid reference \"" + text + "\": " + cause.getMessage(), cause);
        }
    }

    private static int port(String host) {
        int colon = host.lastIndexOf(':');
        return colon < 0 || host.endsWith("]") ? 0 : Integer.parseInt(host.substring(colon + 1));
    }

    private static boolean isHost(String first) {
        return first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(Locale.ROOT));
    }

    /** Registry and repository: {@code docker.io/library/node}. */
    public String name() {
        return registry + "/" + repository;
    }

    /** {@link #name} as people write it: {@code node}. */
    public String familiarName() {
        if (!registry.equals(DEFAULT_REGISTRY)) {
            return name();
        }
        boolean official = repository.startsWith(OFFICIAL) && repository.indexOf('/', OFFICIAL.length()) < 0;
        String shorter = official ? repository.substring(OFFICIAL.length()) : repository;
        // "docker.io/my.org/a" must not become a name of the registry my.org.
        int slash = shorter.indexOf('/');
        return slash > 0 && isHost(shorter.substring(0, slash)) ? name() : shorter;
    }

    /** The whole reference as people write it, with its tag: {@code node:latest}. */
    public String familiar() {
        return familiarName() + suffix();
    }

    /** The repository alone. */
    public RepositoryName repositoryName() {
        return new RepositoryName(registry, repository);
    }

    /** The same repository by digest alone. */
    public Reference withDigest(Digest other) {
        return new Reference(registry, repository, Optional.empty(), Optional.of(other));
    }

    /** What a registry is asked for: the digest where there is one, else the tag. */
    public String selector() {
        return digest.map(Digest::toString).orElseGet(tag::get);
    }

    private String suffix() {
        return tag.map(text -> ":" + text).orElse("")
                + digest.map(value -> "@" + value).orElse("");
    }

    @Override
    public int compareTo(Reference other) {
        return toString().compareTo(other.toString());
    }

    /** The canonical form: {@code docker.io/library/node:latest}. */
    @Override
    public String toString() {
        return name() + suffix();
    }
}
