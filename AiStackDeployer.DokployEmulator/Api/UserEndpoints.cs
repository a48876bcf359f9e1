using System.Text.Json.Nodes;
using AiStackDeployer.DokployEmulator.World;

namespace AiStackDeployer.DokployEmulator.Api;

internal static class UserEndpoints
{
    public static void Map(Router router)
    {
        router.Query("user.get", new Schema(), Get, 43);
        router.Mutation("user.createApiKey", new Schema(
            new Field("name") { Min = 1, Max = 32 },
            new Field("metadata", FieldKind.Anything),
            new Field("rateLimitEnabled", FieldKind.Boolean).Optional(),
            new Field("rateLimitTimeWindow", FieldKind.Number).Optional(),
            new Field("rateLimitMax", FieldKind.Number).Optional(),
            new Field("expiresIn", FieldKind.Number).Optional(),
            new Field("remaining", FieldKind.Number).Optional()), CreateApiKey, 60);
    }

    private static Answer Get(Call call)
    {
        var owner = call.Key.Role != "member";
        return new Answer(new
        {
            Id = call.State.OwnerId[..21], call.State.OrganizationId, call.Key.UserId, call.Key.Role, call.Key.CreatedAt,
            TeamId = (string?)null, IsDefault = true,
            CanCreateProjects = false, CanAccessToSSHKeys = false, CanCreateServices = false, CanDeleteProjects = false,
            CanDeleteServices = false, CanAccessToDocker = false, CanAccessToAPI = false, CanAccessToGitProviders = false,
            CanAccessToTraefikFiles = false, CanDeleteEnvironments = false, CanCreateEnvironments = false,
            AccessedProjects = owner ? call.State.AccessedProjects.Ids : [],
            AccessedEnvironments = Array.Empty<string>(),
            AccessedServices = owner ? call.State.AccessedServices.Ids : [],
            AccessedGitProviders = Array.Empty<string>(), AccessedServers = Array.Empty<string>(),
            User = new
            {
                Id = call.Key.UserId, FirstName = "Emulated", LastName = owner ? "Owner" : "Member",
                Email = owner ? "owner@emulator.test" : "member@emulator.test", Image = (string?)null,
                AllowImpersonation = false, TwoFactorEnabled = false, StripeCustomerId = (string?)null, StripeSubscriptionId = (string?)null,
                ServersQuantity = 0, IsEnterpriseCloud = false, SendInvoiceNotifications = false,
                ApiKeys = call.State.Keys.Where(k => k.UserId == call.Key.UserId).Reverse()
                    .Select(k => new { k.Id, k.Name, Prefix = (string?)null, k.Enabled, k.ExpiresAt, k.CreatedAt }),
            },
        });
    }

    /// <summary>The key's text is shown this once. Who leaves rateLimitEnabled out gets a key that dies after five calls.</summary>
    private static Answer CreateApiKey(Call call)
    {
        var organization = (call.In.Values["metadata"] as JsonObject)?["organizationId"]?.ToString();
        if (organization is not null && organization != call.State.OrganizationId)
        {
            throw new ApiError(403, "FORBIDDEN", "You are not a member of this organization");
        }

        var row = new ApiKeyRow
        {
            Id = Ids.ApiKey()[..32],
            Key = Ids.ApiKey(),
            Name = call.In.Text("name")!,
            UserId = call.Key.UserId,
            Role = call.Key.Role,
            OrganizationId = organization,
            RateLimitEnabled = call.In.Flag("rateLimitEnabled") ?? true,
            RateLimitTimeWindow = call.In.Number("rateLimitTimeWindow") ?? 86_400_000,
            RateLimitMax = call.In.Number("rateLimitMax") ?? 10,
            Remaining = call.In.Number("remaining"),
            ExpiresAt = call.In.Number("expiresIn") is { } seconds ? call.Now.AddSeconds(seconds) : null,
            CreatedAt = call.Now,
        };
        call.State.Keys.Add(row);
        return new Answer(new
        {
            ConfigId = "default", row.Name, Start = row.Key[..6], ReferenceId = row.UserId, Prefix = (string?)null, row.Key,
            RefillInterval = (int?)null, RefillAmount = (int?)null, LastRefillAt = (DateTimeOffset?)null, row.Enabled,
            row.RateLimitEnabled, row.RateLimitTimeWindow, row.RateLimitMax, row.RequestCount, row.Remaining, row.LastRequest, row.ExpiresAt,
            row.CreatedAt, UpdatedAt = row.CreatedAt, Permissions = (string?)null, Metadata = (string?)null, row.Id,
        });
    }
}
