"""`make destroy STAGE=dev|prod`: what a deployment made, removed. Asks first, by the stage's name.

python -m infra.cloud.destroy dev|prod
"""

import sys

from botocore.exceptions import BotoCoreError, ClientError

from infra.cloud.account import Account, account
from infra.cloud.packages import Packages, empty, exists
from infra.cloud.project import CannotGoOn, Target, target
from infra.cloud.signing_keys import KeptKeys
from infra.cloud.stack import Stack


def destroy(wanted: Target, where: Account) -> list[str]:
    """What it left behind because the stage keeps its data, by name. Raises CannotGoOn."""
    stack = Stack(where, wanted.stack)
    tables, buckets = stack.resources("AWS::DynamoDB::Table"), stack.resources("AWS::S3::Bucket")
    if not wanted.keeps_data:
        for bucket in buckets:
            if exists(where, bucket):
                empty(where, bucket)
    stack.take_down()
    if wanted.keeps_data:
        return [*tables, *buckets, KeptKeys(where, wanted.stack).name]
    KeptKeys(where, wanted.stack).forget()
    Packages(where).forget(wanted.stack)
    return []


def main(arguments: list[str]) -> int:
    try:
        wanted, where = target(arguments[0] if arguments else ""), account()
        Stack(where, wanted.stack).outputs()
        kept = (
            "Its tables and files stay."
            if wanted.keeps_data
            else "ALL ITS CONVERSATIONS AND FILES GO WITH IT."
        )
        print(f"This removes {wanted.stack} from account {where.number}, {where.region}. {kept}")
        print(f"Type {wanted.stage} to go on: ", end="", flush=True)
        if sys.stdin.readline().strip() != wanted.stage:
            print("Nothing was changed.")
            return 1
        left = destroy(wanted, where)
    except CannotGoOn as trouble:
        print(f"deskbell: {trouble}", file=sys.stderr)
        return 1
    except (BotoCoreError, ClientError) as trouble:
        print(f"deskbell: AWS refused: {trouble}", file=sys.stderr)
        return 1
    print(f"{wanted.stack} is gone.")
    if left:
        print("Kept, and yours to delete:", *left, sep="\n  ")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
