package dev.wherry.cli.client.builds;

import dev.wherry.v1.RegistryLogin;
import java.util.List;

/** The logins that a build may ask for. */
@FunctionalInterface
public interface BuildLogins {
    /** The logins at registries, as far as there are any. */
    List<RegistryLogin> at(List<String> registries);
}
