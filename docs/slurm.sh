#!/usr/bin/env bash
# One evaluation on an array of SLURM jobs. See docs/scale-out.md.
#
#   sbatch --array=1-16 docs/slurm.sh          # shards 1/16 .. 16/16; further arguments go to scribe: --set eval.limit=20
#   scribe merge /shared/runs/paper-text       # when all have ended
#   scribe report /shared/runs/paper-text
#SBATCH --job-name=scribe-eval
#SBATCH --cpus-per-task=8
#SBATCH --mem=16G
#SBATCH --time=12:00:00
#SBATCH --requeue
#SBATCH --signal=B:TERM@120
set -euo pipefail

SHARED=${SHARED:-/shared/runs}          # the folder that holds the trained run
RECIPE=${RECIPE:-paper-text}
DATA=${DATA:-/shared/VOCdevkit/VOC2012}
DEVICE=${DEVICE:-cpu}
PARTS=${PARTS:-$SLURM_ARRAY_TASK_COUNT} # set this to run only some shards again: --array=3,7 with PARTS=16
PART=$SLURM_ARRAY_TASK_ID
FILE=shards/$PART-of-$PARTS.sqlite

# SQLite needs a local disk; results of an earlier attempt are copied too, so nothing is computed twice.
LOCAL=${SLURM_TMPDIR:-${TMPDIR:-/tmp}}/scribe-$SLURM_JOB_ID
mkdir -p "$LOCAL/$RECIPE/shards" "$SHARED/$RECIPE/shards"
cp -r "$SHARED/$RECIPE/train" "$LOCAL/$RECIPE/"
for file in "$SHARED/$RECIPE/$FILE"*; do
    if [ -e "$file" ]; then cp "$file" "$LOCAL/$RECIPE/shards/"; fi
done

# The shard is copied back in every case: finished, or stopped by the time limit (TERM ends scribe after a whole unit).
save() {
    if [ ! -e "$LOCAL/$RECIPE/$FILE" ]; then return; fi
    cp "$LOCAL/$RECIPE/$FILE" "$SHARED/$RECIPE/$FILE.part"
    mv "$SHARED/$RECIPE/$FILE.part" "$SHARED/$RECIPE/$FILE"
    rm -rf "$LOCAL"
}
trap save EXIT
scribe --threads "${SLURM_CPUS_PER_TASK:-1}" eval --recipe "$RECIPE" --data "$DATA" --device "$DEVICE" \
    --runs "$LOCAL" --name "$RECIPE" --shard "$PART/$PARTS" "$@" &
trap 'kill -TERM $!' TERM
wait $! || { wait $! && exit 0; exit 1; }
