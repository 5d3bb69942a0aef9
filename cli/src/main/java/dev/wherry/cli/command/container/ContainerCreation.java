package dev.wherry.cli.command.container;

import dev.wherry.cli.client.CallFailures;
import dev.wherry.cli.command.Session;
import dev.wherry.cli.command.container.flags.CreateFlags;
import dev.wherry.cli.command.container.flags.IdFile;
import dev.wherry.cli.command.image.ImageName;
import dev.wherry.cli.command.image.ImagePull;
import dev.wherry.cli.error.ExitStatus;
import dev.wherry.cli.error.Failure;
import dev.wherry.v1.CreateContainerRequest;
import dev.wherry.v1.CreateContainerResponse;
import dev.wherry.v1.PullResult;
import io.grpc.StatusRuntimeException;

/** Creates a container, and pulls its image first if the daemon does not have it. */
final class ContainerCreation {
    private ContainerCreation() {}

    /** Creates the container and returns its ID. */
    static String run(Session session, CreateFlags options, boolean attached) {
        CreateContainerRequest request = request(session, options, attached);
        return IdFile.with(options.idFile, () -> create(session, options, request));
    }

    /** A wrong value of a flag has the exit status of a wrong flag. */
    private static CreateContainerRequest request(Session session, CreateFlags options, boolean attached) {
        try {
            return options.request(session.console().environment(), attached);
        } catch (Failure wrong) {
            throw new Failure(wrong.getMessage(), wrong.statusOr(ExitStatus.NOT_STARTED), wrong);
        }
    }

    private static String create(Session session, CreateFlags options, CreateContainerRequest request) {
        if (options.pull.equals("always")) {
            pull(session, options);
        }
        CreateContainerResponse response = createOrPull(session, options, request);
        response.getWarningsList().forEach(session.console()::warning);
        return response.getId();
    }

    /** Creates the container; if the image does not exist, pulls it and tries again. */
    private static CreateContainerResponse createOrPull(
            Session session, CreateFlags options, CreateContainerRequest request) {
        try {
            return session.daemon().containers().create(request);
        } catch (StatusRuntimeException e) {
            if (!options.pull.equals("missing") || !CallFailures.isNotFound(e, "image")) {
                throw e;
            }
        }
        if (!options.quiet) {
            String image = ImageName.withTag(options.image);
            session.console().err().println("Unable to find image '" + image + "' locally");
        }
        pull(session, options);
        return session.daemon().containers().create(request);
    }

    private static void pull(Session session, CreateFlags options) {
        PullResult result = ImagePull.run(session, options.image, options.platform, options.quiet);
        if (!options.quiet) {
            ImagePull.report(result, session.console().err());
        }
    }
}
