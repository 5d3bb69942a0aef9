package dev.wherry.cli.command.container.flags;

import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.RestartPolicy;
import java.util.Set;

/** Values of {@code --restart}. */
public final class RestartPolicies {
    private static final Set<String> NAMES = Set.of("no", "always", "on-failure", "unless-stopped");

    private RestartPolicies() {}

    /**
     * Reads {@code no}, {@code always}, {@code unless-stopped} or {@code on-failure[:N]}; nothing is {@code no}.
     *
     * @throws Failure when it is none of these
     */
    public static RestartPolicy parse(String given) {
        if (given.isEmpty()) {
            return RestartPolicy.getDefaultInstance();
        }
        int colon = given.indexOf(':');
        String name = colon < 0 ? given : given.substring(0, colon);
        if (name.isEmpty()) {
            throw failure("invalid restart policy format: no policy provided before colon");
        }
        if (!NAMES.contains(name)) {
            throw failure("invalid restart policy: unknown policy '" + name
                    + "'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        }
        String retries = colon < 0 ? "0" : given.substring(colon + 1);
        if (!retries.matches("[0-9]{1,9}")) {
            throw failure("invalid restart policy format: maximum retry count must be an integer");
        }
        int maximum = Integer.parseInt(retries);
        if (maximum > 0 && !name.equals("on-failure")) {
            throw failure("invalid restart policy: maximum retry count can only be used with 'on-failure'");
        }
        return RestartPolicy.newBuilder()
                .setName(name)
                .setMaximumRetries(maximum)
                .build();
    }

    private static Failure failure(String sentence) {
        return new Failure(sentence, ExitStatus.NOT_STARTED);
    }
}
