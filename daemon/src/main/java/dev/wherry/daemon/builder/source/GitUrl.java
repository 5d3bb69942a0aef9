package dev.wherry.daemon.builder.source;

import dev.wherry.daemon.error.InvalidInputException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The address of a directory in a git repository: {@code https://host/path.git#ref:dir}, with {@code git://}, {@code
 * ssh://} and {@code user@host:path} too, or with a query in place of the fragment: {@code ?ref=…&subdir=…}. Nothing in
 * one can be taken for an option by git or ssh.
 *
 * @param remote what git is given
 * @param ref branch, tag or commit; empty for the repository's HEAD
 * @param subdirectory relative and without {@code ..}; empty for all
 * @param checksum the commit that it must be, or the first digits of it
 * @param keepGitDir whether {@code .git} is wanted, where the query says so
 * @param submodules whether they are fetched as well
 */
public record GitUrl(
        String remote,
        Optional<String> ref,
        Optional<String> subdirectory,
        Optional<String> checksum,
        Optional<Boolean> keepGitDir,
        boolean submodules) {

    private static final Pattern SCP =
            Pattern.compile("([A-Za-z0-9_][A-Za-z0-9._-]*)@([A-Za-z0-9][A-Za-z0-9.-]*):(.+)");
    private static final Pattern USER = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]*");
    private static final Pattern REPOSITORY = Pattern.compile("https?://[^?#]+\\.git(\\?[^#]*)?(#.*)?");
    private static final Pattern REF = Pattern.compile("[A-Za-z0-9_./+@][A-Za-z0-9_./+@=,#-]*");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}|[0-9a-f]{64}");
    private static final Pattern CHECKSUM = Pattern.compile("[0-9a-f]{7,64}");

    /** Whether a text is meant as the address of a git repository. */
    public static boolean isOne(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.startsWith("git://")
                || lower.startsWith("ssh://")
                || lower.startsWith("github.com/")
                || SCP.matcher(text.split("[#?]", 2)[0]).matches() && !text.contains("://")
                || REPOSITORY.matcher(lower).matches();
    }

    /** Whether a text is a commit's whole name, which means the same for ever. */
    static boolean isCommit(String text) {
        return COMMIT.matcher(text).matches();
    }

    /**
     * Reads an address for which {@link #isOne} holds.
     *
     * @throws InvalidInputException when it is malformed, or holds a password
     */
    public static GitUrl parse(String text) {
        if (text.chars().anyMatch(c -> c <= ' ' || c == 0x7f)) {
            throw malformed(text, "it holds a space or control character");
        }
        int hash = text.indexOf('#');
        String fragment = hash < 0 ? "" : text.substring(hash + 1);
        String rest = hash < 0 ? text : text.substring(0, hash);
        int question = rest.contains("://") ? rest.indexOf('?') : -1;
        String remote = remote(question < 0 ? rest : rest.substring(0, question), text);
        int colon = fragment.indexOf(':');
        Parts parts = new Parts(text);
        parts.ref(colon < 0 ? fragment : fragment.substring(0, colon));
        parts.subdirectory(colon < 0 ? "" : fragment.substring(colon + 1));
        if (question >= 0) {
            if (hash >= 0) {
                throw malformed(text, "it has both a query and a fragment");
            }
            parts.query(rest.substring(question + 1));
        }
        return new GitUrl(remote, parts.ref, parts.subdirectory, parts.checksum, parts.keepGitDir, parts.submodules);
    }

    /** Whether git reaches the repository by ssh. */
    boolean isSsh() {
        return isSsh(remote);
    }

    private static boolean isSsh(String remote) {
        return remote.regionMatches(true, 0, "ssh://", 0, 6) || !remote.contains("://");
    }

    /** This one, required to be of that commit. */
    public GitUrl withChecksum(String commit) {
        Parts parts = new Parts(remote);
        parts.checksum(commit.toLowerCase(Locale.ROOT));
        return new GitUrl(remote, ref, subdirectory, parts.checksum, keepGitDir, submodules);
    }

    private static String remote(String given, String text) {
        if (given.toLowerCase(Locale.ROOT).startsWith("github.com/")) {
            return remote("https://" + given, text);
        }
        if (!given.contains("://") && SCP.matcher(given).matches()) {
            return given;
        }
        URI uri;
        try {
            uri = URI.create(given);
        } catch (IllegalArgumentException malformed) {
            throw malformed(text, "it is no URL");
        }
        if (uri.getHost() == null
                || uri.getHost().startsWith("-")
                || uri.getRawPath().length() < 2) {
            throw malformed(text, "it names no host or no repository");
        }
        String user = uri.getRawUserInfo();
        if (isSsh(given) && user != null && USER.matcher(user).matches()) {
            return given;
        }
        if (user != null) {
            throw new InvalidInputException("the address of the git repository on " + uri.getHost()
                    + " holds a user name or password, which would stay in the image's history: leave it out");
        }
        return given;
    }

    private static InvalidInputException malformed(String text, String why) {
        return new InvalidInputException("\"" + text + "\" is no address of a git repository: " + why);
    }

    /** What stands beside the remote, checked as it is read. */
    private static final class Parts {

        private final String text;
        private Optional<String> ref = Optional.empty();
        private Optional<String> subdirectory = Optional.empty();
        private Optional<String> checksum = Optional.empty();
        private Optional<Boolean> keepGitDir = Optional.empty();
        private boolean submodules = true;

        Parts(String text) {
            this.text = text;
        }

        void ref(String value) {
            if (value.isEmpty()) {
                return;
            }
            if (!REF.matcher(value).matches() || value.contains("..") || value.contains("@{") || value.length() > 255) {
                throw malformed(text, "\"" + value + "\" cannot be a branch, tag or commit");
            }
            ref = Optional.of(value);
        }

        void subdirectory(String value) {
            String path = value.replaceAll("^/+|/+$", "");
            if (path.isEmpty() || path.equals(".")) {
                return;
            }
            for (String name : path.split("/")) {
                if (name.equals("..")) {
                    throw malformed(text, "its directory \"" + value + "\" leads out of the repository");
                }
            }
            subdirectory = Optional.of(path);
        }

        void checksum(String value) {
            if (!CHECKSUM.matcher(value).matches()) {
                throw new InvalidInputException(
                        "the checksum of a git repository is a commit of 40 hexadecimal digits, not \"" + value + "\"");
            }
            checksum = Optional.of(value);
        }

        void query(String query) {
            for (String pair : query.split("&")) {
                int equals = pair.indexOf('=');
                String name = equals < 0 ? pair : pair.substring(0, equals);
                String value = equals < 0 ? "" : decoded(pair.substring(equals + 1));
                switch (name) {
                    case "ref" -> ref(value);
                    case "branch" -> ref(value.isEmpty() ? "" : "refs/heads/" + value);
                    case "tag" -> ref(value.isEmpty() ? "" : "refs/tags/" + value);
                    case "subdir" -> subdirectory(value);
                    case "commit", "checksum" -> checksum(value);
                    case "keep-git-dir" -> keepGitDir = Optional.of(yes(value));
                    case "submodules" -> submodules = yes(value);
                    default -> throw malformed(text, "\"" + name + "\" means nothing in its query");
                }
            }
        }

        private String decoded(String value) {
            try {
                return URLDecoder.decode(value, StandardCharsets.UTF_8);
            } catch (IllegalArgumentException malformed) {
                throw malformed(text, "its query is malformed");
            }
        }

        private boolean yes(String value) {
            return switch (value.toLowerCase(Locale.ROOT)) {
                case "", "1", "true" -> true;
                case "0", "false" -> false;
                default -> throw malformed(text, "\"" + value + "\" is not true or false");
            };
        }
    }
}
