using AiStackDeployer.Core;
using AiStackDeployer.Web.Mcp;

namespace AiStackDeployer.Tests.Mcp;

public sealed class OwnerKeyTests
{
    /// <summary>Keys that more than one caller may have come to.</summary>
    public static TheoryData<string> Weak =>
    [
        "00000000-0000-0000-0000-000000000000",
        "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF",
        "11111111-2222-3333-4444-555555555555",
        "123e4567-e89b-12d3-a456-426614174000",
        "550E8400-E29B-41D4-A716-446655440000",
        "f47ac10b-58cc-4372-a567-0e02b2c3d479",
        "{3fa85f64-5717-4562-b3fc-2c963f66afa6}",
        "12345678-1234-1234-1234-123456789abc",
        "01234567-89ab-cdef-0123-456789abcdef",
        "00112233-4455-6677-8899-aabbccddeeff",
        "a1b2c3d4-e5f6-7890-abcd-ef1234567890",
        "a1b2c3d4-e5f6-4a7b-8c9d-0e1f2a3b4c5d",
        "aaaaaaaaaaaaaaaaaaaaaaaa",
        "--------------------------",
        "test-test-test-test-test",
    ];

    [Theory]
    [MemberData(nameof(Weak))]
    public void What_others_would_take_too_proves_nothing(string key) =>
        Assert.Equal("idempotency-key-weak", OwnerKey.Check(key)?.Code);

    [Theory]
    [InlineData("6f0b9d9c-6f1e-4d62-9b4e-1f3c6d5a7e10")]
    [InlineData("0d3f6b51-2a52-4d84-8a83-5f7a9b1c2d3e")]
    [InlineData("019a8f3e-7c52-7b1d-a2e6-4f0c9d83b517")] // a UUID that begins with the time
    [InlineData("deploy/design-lab/Q7x!mZ2p")]
    public void A_random_one_does(string key) => Assert.Null(OwnerKey.Check(key));

    [Fact]
    public void All_that_the_portal_makes_do()
    {
        var ids = new Ids(TimeProvider.System);

        for (var i = 0; i < 1000; i++)
        {
            var key = ids.NewOwnerKey();
            Assert.Null(OwnerKey.Check(key));
            Assert.InRange(key.Length, OwnerKey.Shortest, OwnerKey.Longest);
        }
    }
}
