using System.Security.Claims;
using AiStackDeployer.Core.Deployments;
using AiStackDeployer.Core.Deployments.Operations;
using AiStackDeployer.Core.Naming;
using AiStackDeployer.Tests.TestKit;
using AiStackDeployer.Web.Security;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection;

namespace AiStackDeployer.Tests.Security;

public sealed class OwnerPolicyTests(PortalFactory portal) : IClassFixture<PortalFactory>
{
    private readonly IAuthorizationService _policies = portal.Services.GetRequiredService<IAuthorizationService>();

    private static DeploymentSnapshot OfOwner => new()
    {
        Id = "dep_1_a", Operation = OperationCatalog.Deploy, StackId = "stk_1_a", Name = StackName.FromStored("owned"), OwnerId = "usr_owner", Url = "http://owned.test", Phase = DeploymentPhase.Running,
        CurrentStep = DeploymentStep.ClaimName, Progress = 0, Steps = [], CreatedAt = DateTimeOffset.UnixEpoch, LastSequence = 1, TraceId = "t",
    };

    [Theory]
    [InlineData(Policies.CancelDeployment)]
    [InlineData(Policies.RetryDeployment)]
    [InlineData(Policies.ViewCredentials)]
    public async Task Only_the_owner_may_touch_a_deployment_or_see_its_password(string policy)
    {
        Assert.True((await _policies.AuthorizeAsync(Person("usr_owner"), OfOwner, policy)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(Person("usr_other"), OfOwner, policy)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity()), OfOwner, policy)).Succeeded);
        // The claim without a sign-in: nothing signed it.
        Assert.False((await _policies.AuthorizeAsync(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, "usr_owner")])), OfOwner, policy)).Succeeded);
    }

    [Theory]
    [InlineData(Policies.StartDeployment)]
    [InlineData(Policies.ViewAdmin)]
    [InlineData(Policies.AdministerDeployments)]
    public async Task Everybody_known_may_start_and_look_and_nobody_else(string policy)
    {
        Assert.True((await _policies.AuthorizeAsync(Person("usr_any"), null, policy)).Succeeded);
        Assert.False((await _policies.AuthorizeAsync(new ClaimsPrincipal(new ClaimsIdentity()), null, policy)).Succeeded);
    }

    [Fact]
    public async Task The_password_of_a_stack_is_read_by_its_owner_alone()
    {
        var person = portal.NewPerson();
        var started = await person.StartAsync("owned-stack");
        var deployments = portal.Services.GetRequiredService<DeploymentService>();
        var snapshot = (await deployments.FindAsync(started.Text("deploymentId"), TestContext.Current.CancellationToken))!;

        var own = await deployments.GetCredentialsAsync(snapshot.StackId, snapshot.OwnerId, TestContext.Current.CancellationToken);
        var others = await deployments.GetCredentialsAsync(snapshot.StackId, "usr_other", TestContext.Current.CancellationToken);

        Assert.Equal(started["credentials"]!.Text("password"), own!.Password);
        Assert.Null(others);
    }

    private static ClaimsPrincipal Person(string id) => new(new ClaimsIdentity([new Claim(ClaimTypes.NameIdentifier, id)], "test"));
}
