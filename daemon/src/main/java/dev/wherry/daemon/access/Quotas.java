package dev.wherry.daemon.access;

import jakarta.inject.Singleton;
import java.util.Map;
import java.util.stream.Collectors;

/** The quotas of all bindings, as the configuration says them now. */
@Singleton
public final class Quotas {

    private volatile Map<String, Quota> byOwner;

    public Quotas(AccessSettings settings) {
        use(settings);
    }

    /** Other settings count from now on. */
    public void use(AccessSettings settings) {
        byOwner = settings.bindings().stream()
                .map(RoleBinding::quota)
                .collect(Collectors.toMap(Quota::owner, quota -> quota, (first, _) -> first));
    }

    /** The quota of an owner; without bounds when the configuration does not name it any more. */
    public Quota of(String owner) {
        return byOwner.getOrDefault(owner, Quota.NONE);
    }
}
