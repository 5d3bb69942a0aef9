package dev.wherry.cli.command.login;

/**
 * A registry as logins name it.
 *
 * @param name as references name it: {@code docker.io}, {@code localhost:5000}
 */
record RegistryHost(String name) {
    static final RegistryHost HUB = new RegistryHost("docker.io");

    /** What docker's configuration calls Docker Hub. */
    private static final String HUB_KEY = "https://index.docker.io/v1/";

    /** The host in what a user wrote, or a key of docker's configuration: an address with a scheme and a path will do. */
    static RegistryHost of(String written) {
        String rest = written.replaceFirst("^https?://", "");
        int slash = rest.indexOf('/');
        String host = slash < 0 ? rest : rest.substring(0, slash);
        return host.equals("index.docker.io") || host.equals("registry-1.docker.io") || host.isEmpty()
                ? HUB
                : new RegistryHost(host);
    }

    /** The registry of a reference, by the rules of docker's references. */
    static RegistryHost ofReference(String reference) {
        int slash = reference.indexOf('/');
        String first = slash < 0 ? "" : reference.substring(0, slash);
        boolean host = first.contains(".")
                || first.contains(":")
                || first.equals("localhost")
                || !first.equals(first.toLowerCase(java.util.Locale.ROOT));
        return host ? of(first) : HUB;
    }

    /** The key that docker stores its logins under. */
    String key() {
        return equals(HUB) ? HUB_KEY : name;
    }

    /** How messages name it. */
    String shown() {
        return key();
    }
}
