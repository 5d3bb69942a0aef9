package dev.wherry.daemon.registry;

/**
 * A repository as references name it; {@link RegistrySettings} says where it is fetched from.
 *
 * @param host registry host, with its port where it has one
 * @param path within the registry
 */
public record RepositoryName(String host, String path) {

    @Override
    public String toString() {
        return host + "/" + path;
    }
}
