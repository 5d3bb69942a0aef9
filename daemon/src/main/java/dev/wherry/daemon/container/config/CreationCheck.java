package dev.wherry.daemon.container.config;

import dev.wherry.daemon.error.InvalidInputException;
import dev.wherry.daemon.error.RequestField;
import dev.wherry.daemon.runtime.bundle.JoinedContainers;
import dev.wherry.daemon.runtime.spec.ExtraHost;
import dev.wherry.daemon.runtime.spec.NetworkMode;
import java.util.ArrayList;
import java.util.List;

/** Checks that a container can run as requested, when it is created rather than when it is started. */
public final class CreationCheck {

    private static final int LARGEST_ANNOTATION = 1 << 20;

    private CreationCheck() {}

    /** @throws InvalidInputException which names the first field that is wrong */
    static void check(ContainerConfig config) {
        NetworkMode network = NetworkMode.ofContainer(config.network());
        if (network == NetworkMode.CONTAINER) {
            joined(config);
        }
        if (!config.hostname().isEmpty() && config.isolation().uts().equals("host")) {
            throw new InvalidInputException("hostname: a container with UTS mode \"host\" has the host's name")
                    .in("hostname");
        }
        RequestField.check("hostname", () -> name("hostname", config.hostname()));
        RequestField.check(
                "names.domain_name", () -> name("domain name", config.names().domainName()));
        if (!config.names().domainName().isEmpty() && config.isolation().uts().equals("host")) {
            throw new InvalidInputException("domain name: a container with UTS mode \"host\" has the host's");
        }
        if (config.shmBytes() < 0) {
            throw new InvalidInputException("shared memory: the size must not be less than 0").in("shm_bytes");
        }
        if (config.shmBytes() > 0 && config.isolation().ipc().equals("none")) {
            throw new InvalidInputException(
                    "shared memory: a container with IPC mode \"none\" has none, so that it has no size");
        }
        RequestField.check("names.hosts", () -> config.names().hosts().forEach(ExtraHost::parse));
        NetworkChecks.check(config);
        RequestField.check("annotations", () -> config.annotations().forEach(CreationCheck::annotation));
        RequestField.check("health", () -> config.health().check());
        RequestField.check("log", () -> LogOptions.of(config.log()));
        RequestField.check("mounts", () -> MountChecks.check(config.mounts()));
        ContainerSettings.options(config, JoinedContainers.NONE).check(network);
    }

    /** Warnings about a valid configuration: options that this host ignores. */
    public static List<String> warnings(ContainerConfig config) {
        List<String> warnings = new ArrayList<>(NetworkChecks.warnings(config));
        warnings.addAll(ContainerSettings.options(config, JoinedContainers.NONE).warnings());
        return warnings;
    }

    private static void joined(ContainerConfig config) {
        String what = "network " + config.network() + ": these are the other container's and cannot be set: ";
        if (!config.hostname().isEmpty()) {
            throw new InvalidInputException(what + "the hostname");
        }
        if (!config.names().servers().isEmpty()
                || !config.names().search().isEmpty()
                || !config.names().options().isEmpty()) {
            throw new InvalidInputException(what + "name servers, search domains and resolver options");
        }
        if (!config.names().hosts().isEmpty()) {
            throw new InvalidInputException(what + "additional hosts");
        }
    }

    private static void name(String field, String name) {
        boolean right = name.length() <= 64
                && name.chars().allMatch(c -> c < 0x7f && (Character.isLetterOrDigit(c) || "-._".indexOf(c) >= 0));
        if (!right) {
            throw new InvalidInputException(
                    field + " \"" + name + "\" is not a name of at most 64 letters, digits, hyphens and dots");
        }
    }

    private static void annotation(String key, String value) {
        if (key.isBlank() || key.length() + value.length() > LARGEST_ANNOTATION) {
            throw new InvalidInputException(
                    "annotation: the name is empty, or name and value together are larger than 1 MiB");
        }
    }
}
