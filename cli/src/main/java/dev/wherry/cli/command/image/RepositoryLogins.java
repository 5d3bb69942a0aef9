package dev.wherry.cli.command.image;

import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.login.StoredLogins;
import dev.wherry.cli.view.template.JsonValues;
import dev.wherry.v1.RegistryLogin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The logins for the registries that are known to have an image. */
final class RepositoryLogins {

    private RepositoryLogins() {}

    static List<RegistryLogin> of(Session session, String image) {
        List<String> references = new ArrayList<>(List.of(image));
        if (JsonValues.parse(InspectImageCommand.json(session, image)) instanceof Map<?, ?> inspected
                && inspected.get("RepoDigests") instanceof List<?> known) {
            known.forEach(reference -> references.add(reference.toString()));
        }
        return new StoredLogins(session.console()).forReferences(references.toArray(String[]::new));
    }
}
